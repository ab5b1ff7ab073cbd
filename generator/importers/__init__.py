"""Foreign status pages to files of ours: pure readers whose results pass the loader and the check like any other."""
