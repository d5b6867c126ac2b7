//! The saved world against everything that can happen to it, on a disk in memory.
