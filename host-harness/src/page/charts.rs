//! The last hour as two charts, drawn here as SVG: calls for each minute, and how long they took.

use std::time::Duration;

use super::html::Html;
use super::recent::Figures;

/// The size of a chart, in units of its own.
const WIDTH: f64 = 360.0;
const HEIGHT: f64 = 80.0;

/// Calls for each minute; those that did not end well apart.
pub(crate) fn rate(minutes: &[Figures]) -> Html {
    let most = minutes.iter().map(|minute| minute.calls).max().unwrap_or_default();
    let (calls, failed) = totals(minutes);
    let scale = |count: u32| HEIGHT * f64::from(count) / f64::from(most.max(1));
    let bars = |class: &'static str, count: fn(&Figures) -> u32| -> Html {
        let bar = |(place, minute): (usize, &Figures)| {
            let height = scale(count(minute));
            rectangle(class, place, minutes.len(), height)
        };
        minutes.iter().enumerate().filter(|(_, minute)| count(minute) > 0).map(bar).collect()
    };
    let drawing = bars("calls", |minute| minute.calls).and_html(&bars("failed", |minute| minute.failed));
    let label = format!(
        "Calls for each minute of the last hour: {calls} in all, {failed} of them not ok, at most {most} in a minute"
    );
    chart(&label, &format!("{most} calls a minute"), &drawing)
}

/// How long calls took: half of them no longer than the one line, nineteen of twenty no longer than the other.
pub(crate) fn latency(minutes: &[Figures]) -> Html {
    let most = minutes.iter().filter_map(|minute| minute.slow).max().unwrap_or_default();
    let points = |class: &'static str, duration: fn(&Figures) -> Option<Duration>| -> Html {
        let point = |(place, minute): (usize, &Figures)| {
            let duration = duration(minute)?;
            let share = duration.as_secs_f64() / most.as_secs_f64().max(f64::MIN_POSITIVE);
            Some(dash(class, place, minutes.len(), HEIGHT * (1.0 - share)))
        };
        minutes.iter().enumerate().filter_map(point).collect()
    };
    let drawing = points("slow", |minute| minute.slow).and_html(&points("median", |minute| minute.median));
    let last = minutes.iter().rev().find(|minute| minute.calls > 0);
    let of_last = match last.and_then(|minute| minute.median.zip(minute.slow)) {
        Some((median, slow)) => format!(
            "in the last minute with calls half took at most {}, and 95 of 100 at most {}",
            milliseconds(median),
            milliseconds(slow)
        ),
        None => "there were no calls".into(),
    };
    let label = format!("How long calls took in each minute of the last hour: {of_last}");
    chart(&label, &milliseconds(most), &drawing)
}

/// The number of all calls, and of those that did not end well.
pub(crate) fn totals(minutes: &[Figures]) -> (u64, u64) {
    let sum = |count: fn(&Figures) -> u32| minutes.iter().map(|minute| u64::from(count(minute))).sum();
    (sum(|minute| minute.calls), sum(|minute| minute.failed))
}

/// A duration as people read it.
pub(crate) fn milliseconds(duration: Duration) -> String {
    let milliseconds = duration.as_secs_f64() * 1000.0;
    if milliseconds < 10.0 { format!("{milliseconds:.1} ms") } else { format!("{milliseconds:.0} ms") }
}

fn chart(label: &str, most: &str, drawing: &Html) -> Html {
    let grid = Html::raw("<path class=\"grid\" d=\"M0 0H360M0 40H360M0 80H360\"/>");
    let view = [("viewBox", "0 0 360 80"), ("preserveAspectRatio", "none"), ("role", "img"), ("aria-label", label)];
    let svg = Html::element("svg", &view, &grid.and_html(drawing));
    let scale = Html::element("span", &[], &Html::raw("an hour ago"))
        .and_html(&Html::element("span", &[], &Html::raw("up to ").and_text(most)))
        .and_html(&Html::element("span", &[], &Html::raw("now")));
    svg.and_html(&Html::element("p", &[("class", "scale")], &scale))
}

fn rectangle(class: &'static str, place: usize, of: usize, height: f64) -> Html {
    let (x, width) = column(place, of);
    let [x, y, width, height] = [x, HEIGHT - height, width, height].map(|number| format!("{number:.1}"));
    Html::element(
        "rect",
        &[("class", class), ("x", &x), ("y", &y), ("width", &width), ("height", &height)],
        &Html::default(),
    )
}

fn dash(class: &'static str, place: usize, of: usize, y: f64) -> Html {
    let (x, width) = column(place, of);
    let line = format!("M{x:.1} {:.1}h{width:.1}", y.clamp(1.5, HEIGHT - 1.5));
    Html::element("path", &[("class", class), ("d", &line)], &Html::default())
}

/// The left end and the width of a minute's column.
fn column(place: usize, of: usize) -> (f64, f64) {
    let number = |count: usize| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
    let width = WIDTH / number(of.max(1));
    (number(place) * width, width - 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hour() -> Vec<Figures> {
        let mut minutes = vec![Figures::default(); 60];
        let (median, slow) = (Some(Duration::from_millis(5)), Some(Duration::from_millis(20)));
        minutes[58] = Figures { calls: 8, failed: 2, median, slow };
        minutes[59] = Figures { calls: 4, failed: 0, median: slow, slow };
        minutes
    }

    #[test]
    fn a_minute_is_as_high_as_its_calls_are_many() {
        let chart = rate(&hour()).into_string();
        assert!(chart.contains("12 in all, 2 of them not ok, at most 8 in a minute"), "{chart}");
        for (class, x, y, height) in
            [("calls", "348.0", "0.0", "80.0"), ("calls", "354.0", "40.0", "40.0"), ("failed", "348.0", "60.0", "20.0")]
        {
            let bar = format!("<rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"5.0\" height=\"{height}\"></rect>");
            assert!(chart.contains(&bar), "{bar}: {chart}");
        }
        assert_eq!(chart.matches("<rect").count(), 3);
    }

    #[test]
    fn a_duration_is_drawn_where_it_is_of_the_longest() {
        let chart = latency(&hour()).into_string();
        assert!(chart.contains("half took at most 20 ms, and 95 of 100 at most 20 ms"), "{chart}");
        assert!(chart.contains("<path class=\"median\" d=\"M348.0 60.0h5.0\">"), "{chart}");
        assert!(chart.contains("<path class=\"slow\" d=\"M348.0 1.5h5.0\">"), "{chart}");
    }

    #[test]
    fn an_hour_without_calls_is_drawn_too() {
        let minutes = vec![Figures::default(); 60];
        assert!(rate(&minutes).into_string().contains("0 in all"));
        assert!(latency(&minutes).into_string().contains("there were no calls"));
    }
}
