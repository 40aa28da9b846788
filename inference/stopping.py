"""Whether this worker process has been told to end."""

import threading

# Jobs look at it between steps, keep a checkpoint and give their run back to the queue.
shutdown = threading.Event()
