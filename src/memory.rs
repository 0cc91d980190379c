//! The component's memory. An instance lives for one call: what is given back waits for the next piece of its size and is never
//! joined with others, so that a piece is taken and given back in a handful of instructions. A call takes some 250.
#![expect(unsafe_code, reason = "who hands out memory is trusted with addresses")]

use core::alloc::{GlobalAlloc, Layout};
use core::cell::UnsafeCell;
use core::mem::MaybeUninit;
use core::ptr::{self, NonNull};

/// The sizes of pieces, in bytes: in steps up to `SMALL`, and powers of two above. Each begins at a multiple of a step.
const STEP: usize = 16;
const SMALL: usize = 512;
const STEPS: usize = SMALL / STEP;
const CLASSES: usize = STEPS + (usize::BITS - SMALL.trailing_zeros()) as usize;

/// The size of a piece, and its place among the sizes.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Class {
    place: usize,
    size: usize,
}

impl Class {
    /// The smallest size that a piece for this may have; none where there is no such memory.
    fn of(layout: Layout) -> Option<Self> {
        let least = layout.size().max(layout.align()).max(1);
        if least <= SMALL {
            let place = (least - 1) / STEP;
            return Some(Self { place, size: (place + 1) * STEP });
        }
        let size = least.checked_next_power_of_two()?;
        Some(Self { place: STEPS + (size / SMALL).trailing_zeros() as usize - 1, size })
    }
}

/// The pieces that were given back, and the memory that was never taken.
struct Pieces {
    /// The first of each size that was given back. It holds the address of the next one.
    free: [Option<NonNull<u8>>; CLASSES],
    next: *mut u8,
    end: *mut u8,
}

impl Pieces {
    const fn none() -> Self {
        Self { free: [None; CLASSES], next: ptr::null_mut(), end: ptr::null_mut() }
    }

    /// Takes a piece; null where there is none.
    fn take(&mut self, layout: Layout) -> *mut u8 {
        let Some(class) = Class::of(layout) else { return ptr::null_mut() };
        match self.free[class.place] {
            Some(piece) if piece.addr().get() & (layout.align() - 1) == 0 => {
                // SAFETY: it was given back, so the address of the next one stands there.
                self.free[class.place] = unsafe { piece.cast().read() };
                piece.as_ptr()
            }
            Some(_) | None => self.take_new(class.size, layout.align().max(STEP)),
        }
    }

    fn take_new(&mut self, size: usize, align: usize) -> *mut u8 {
        let skipped = self.next.addr().wrapping_neg() & (align - 1);
        if self.left() < skipped.saturating_add(size) {
            return self.grow(size.saturating_add(align)).map_or(ptr::null_mut(), |()| self.take_new(size, align));
        }
        let piece = self.next.wrapping_add(skipped);
        self.next = piece.wrapping_add(size);
        piece
    }

    /// The number of bytes that were never taken.
    fn left(&self) -> usize {
        self.end.addr() - self.next.addr()
    }

    fn is_last(&self, piece: *mut u8, class: Class) -> bool {
        piece.wrapping_add(class.size) == self.next
    }

    /// Gives a piece back.
    ///
    /// # Safety
    ///
    /// It was taken for this layout, and nobody uses it any more.
    unsafe fn give_back(&mut self, piece: *mut u8, layout: Layout) {
        let (Some(class), Some(given)) = (Class::of(layout), NonNull::new(piece)) else { return };
        if self.is_last(piece, class) {
            self.next = piece;
            return;
        }
        // SAFETY: a piece has room for an address, and is nobody's.
        unsafe { given.cast().write(self.free[class.place]) };
        self.free[class.place] = Some(given);
    }

    /// Makes a piece larger or smaller where it is; false where it has to move. One that is a little smaller than its size stands
    /// among smaller ones once it is given back.
    fn resize(&mut self, piece: *mut u8, layout: Layout, size: usize) -> bool {
        if (layout.size() / 2..=layout.size()).contains(&size) {
            return true;
        }
        let wanted = Layout::from_size_align(size, layout.align()).ok().and_then(Class::of);
        let (Some(class), Some(wanted)) = (Class::of(layout), wanted) else { return false };
        let more = wanted.size.checked_sub(class.size);
        let grows = self.is_last(piece, class) && more.is_some_and(|more| self.left() >= more);
        if grows {
            self.next = piece.wrapping_add(wanted.size);
        }
        grows || class == wanted
    }

    /// Has more to take: at least so many bytes.
    fn grow(&mut self, bytes: usize) -> Option<()> {
        let (begin, end) = if self.end.is_null() && bytes <= FIRST { first() } else { more(bytes)? };
        if self.end != begin {
            self.next = begin;
        }
        self.end = end;
        Some(())
    }
}

/// The memory that an instance begins with, in bytes: all that most calls take.
const FIRST: usize = 1536 * 1024;

fn first() -> (*mut u8, *mut u8) {
    static mut BYTES: [MaybeUninit<u8>; FIRST] = [MaybeUninit::uninit(); FIRST];
    let begin: *mut u8 = (&raw mut BYTES).cast();
    (begin, begin.wrapping_add(FIRST))
}

/// Pages that the instance did not have before.
#[cfg(target_family = "wasm")]
fn more(bytes: usize) -> Option<(*mut u8, *mut u8)> {
    /// Each time that memory grows is a call of the host.
    const LEAST_PAGES: usize = 8;
    const PAGE: usize = 64 * 1024;
    let pages = bytes.div_ceil(PAGE).max(LEAST_PAGES);
    let before = core::arch::wasm32::memory_grow::<0>(pages);
    // Where memory does not grow, this is the largest number there is.
    let begin = ptr::with_exposed_provenance_mut::<u8>(before.checked_mul(PAGE)?);
    Some((begin, begin.wrapping_add(pages * PAGE)))
}

#[cfg(not(target_family = "wasm"))]
fn more(_: usize) -> Option<(*mut u8, *mut u8)> {
    None
}

/// All of an instance's memory.
struct Memory(UnsafeCell<Pieces>);

// SAFETY: an instance has one thread.
#[cfg(target_family = "wasm")]
unsafe impl Sync for Memory {}

#[cfg(target_family = "wasm")]
#[global_allocator]
static MEMORY: Memory = Memory(UnsafeCell::new(Pieces::none()));

// SAFETY: pieces do not overlap, and have the size and the alignment that were asked for.
unsafe impl GlobalAlloc for Memory {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: nobody else has a reference, as none leaves a function and there is one thread.
        unsafe { &mut *self.0.get() }.take(layout)
    }

    unsafe fn dealloc(&self, piece: *mut u8, layout: Layout) {
        // SAFETY: as above, and the caller's word.
        unsafe { (*self.0.get()).give_back(piece, layout) }
    }

    unsafe fn realloc(&self, piece: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: as above.
        let pieces = unsafe { &mut *self.0.get() };
        if pieces.resize(piece, layout, size) {
            return piece;
        }
        let Ok(wanted) = Layout::from_size_align(size, layout.align()) else { return ptr::null_mut() };
        let moved = pieces.take(wanted);
        if !moved.is_null() {
            // SAFETY: both are as large as what was in the old one, and pieces do not overlap.
            unsafe {
                moved.copy_from_nonoverlapping(piece, layout.size().min(size));
                pieces.give_back(piece, layout);
            }
        }
        moved
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layout(size: usize, align: usize) -> Layout {
        Layout::from_size_align(size, align).expect("it is a layout")
    }

    /// Pieces of a memory of this test alone.
    fn pieces() -> Pieces {
        let bytes = Box::leak(vec![0u8; FIRST].into_boxed_slice()).as_mut_ptr_range();
        Pieces { next: bytes.start, end: bytes.end, ..Pieces::none() }
    }

    #[test]
    fn a_piece_is_as_large_as_what_was_asked_for() {
        for size in (0..2 * SMALL).chain([SMALL << 10, (SMALL << 10) + 1]) {
            for align in [1, 8, 16, 64, 4096] {
                let class = Class::of(layout(size, align)).expect("there is such memory");
                assert!(class.size >= size.max(align) && class.place < CLASSES);
                assert!(class.size <= (2 * size.max(align)).max(STEP), "{size} bytes take {}", class.size);
            }
        }
        let places = [16, 17, 512, 513, 1024, 1025].map(|size| Class::of(layout(size, 1)).map(|class| class.place));
        assert_eq!(places, [0, 1, 31, 32, 32, 33].map(Some));
        assert!(Class::of(layout(isize::MAX as usize, 1)).is_some_and(|class| class.place < CLASSES));
    }

    #[test]
    fn pieces_keep_what_is_in_them_whatever_happens_to_others() {
        let memory = Memory(UnsafeCell::new(pieces()));
        let mut held: Vec<(*mut u8, Layout, u8)> = Vec::new();
        let mut random = 7u32;
        let mut below = |most: usize| {
            random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (random >> 8) as usize % most
        };
        for step in 0..20_000_u32 {
            let size = if below(10) == 0 { 1 + below(5000) } else { 1 + below(100) };
            match below(3) {
                1 if !held.is_empty() => {
                    let (piece, of, mark) = held.swap_remove(below(held.len()));
                    // SAFETY: it was taken for this layout.
                    unsafe {
                        assert!((0..of.size()).all(|at| piece.add(at).read() == mark), "at step {step}");
                        memory.dealloc(piece, of);
                    }
                }
                2 if !held.is_empty() => {
                    let place = below(held.len());
                    let (piece, of, mark) = held[place];
                    // SAFETY: it was taken for this layout.
                    let moved = unsafe { memory.realloc(piece, of, size) };
                    assert!(!moved.is_null());
                    // SAFETY: it has this size now.
                    unsafe {
                        assert!((0..of.size().min(size)).all(|at| moved.add(at).read() == mark), "at step {step}");
                        moved.write_bytes(mark, size);
                    }
                    held[place] = (moved, layout(size, of.align()), mark);
                }
                _ if held.len() < 200 => {
                    let of = layout(size, 1 << below(8));
                    // SAFETY: its size is not zero.
                    let piece = unsafe { memory.alloc(of) };
                    assert!(!piece.is_null() && piece.addr().is_multiple_of(of.align()), "at step {step}");
                    let mark = step.to_le_bytes()[0];
                    // SAFETY: it has this size.
                    unsafe { piece.write_bytes(mark, size) };
                    held.push((piece, of, mark));
                }
                _ => {}
            }
        }
    }

    #[test]
    fn what_was_given_back_is_taken_again() {
        let mut pieces = pieces();
        let [one, other] = [(); 2].map(|()| pieces.take(layout(40, 8)));
        // SAFETY: it was taken for this layout.
        unsafe { pieces.give_back(one, layout(40, 8)) };
        assert_eq!(pieces.take(layout(33, 1)), one);
        let left = pieces.left();
        // SAFETY: it was taken for this layout.
        unsafe { pieces.give_back(other, layout(40, 8)) };
        assert!(
            pieces.left() > left && pieces.take(layout(100, 1)) == other,
            "the last one is as if it was never taken"
        );
    }

    #[test]
    fn the_last_piece_grows_where_it_is_and_no_further_than_memory() {
        let mut pieces = pieces();
        let piece = pieces.take(layout(600, 1));
        assert!(pieces.resize(piece, layout(600, 1), 100_000));
        assert!(!pieces.resize(piece, layout(100_000, 1), FIRST + 1));
        let other = pieces.take(layout(16, 1));
        assert!(!pieces.resize(piece, layout(100_000, 1), 200_000), "another one lies behind it");
        assert!(other >= piece.wrapping_add(100_000));
        assert!(pieces.take(layout(FIRST, 1)).is_null());
    }
}
