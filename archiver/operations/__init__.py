"""One verb a file: a request goes in, an outcome comes out; time, disk and progress are passed in."""
