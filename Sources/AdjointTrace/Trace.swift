/// Recording what the library does: `Documentation/Trace.md` tells the format.
public enum Trace {}
