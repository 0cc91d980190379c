"""The memory, the open files and the threads of a program, sampled each second."""

import asyncio
import os
import statistics
from pathlib import Path

# How long a run has to be to be judged, in seconds.
SETTLED = 240
# How much the median of the last fifth of a run may lie above that of the second fifth. Memory and threads grow for
# minutes, until all calls have once been in the same state at the same moment: each that waits for the disk of the audit
# log has a thread.
MARGINS = {"memory MB": 16.0, "open files": 40, "threads": 64}


def held(process):
    """The present figures of a process, by the names in MARGINS."""
    status = dict(line.split(":", 1) for line in Path(f"/proc/{process}/status").read_text().splitlines())
    files = len(os.listdir(f"/proc/{process}/fd"))
    memory = int(status["VmRSS"].split()[0]) / 1024
    return {"memory MB": memory, "open files": files, "threads": int(status["Threads"])}


class Gauge:
    """Samples of one process."""

    def __init__(self, name, process):
        self.name, self.process, self.samples = name, process, []

    async def watch(self):
        while True:
            self.samples.append(held(self.process))
            await asyncio.sleep(1)

    def rows(self):
        """For each figure: name, start, medians of the second and the last fifth, most, whether it is flat."""
        for name, margin in MARGINS.items():
            values = [sample[name] for sample in self.samples]
            fifth = max(len(values) // 5, 1)
            early, late = statistics.median(values[fifth:2 * fifth] or values), statistics.median(values[-fifth:])
            yield f"{self.name}: {name}", values[0], early, late, max(values), \
                len(values) < SETTLED or late - early <= margin
