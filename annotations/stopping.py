"""Whether this worker process has been told to end."""

import threading

# Jobs look at it between steps, and give what they were doing back to the queue.
shutdown = threading.Event()
