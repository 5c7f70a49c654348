import AdjointCore

/// Makes the recorder of a whole process, where the environment asks for one: the engine calls it
/// once, before its first operation, if this module is linked. Null where the file cannot be
/// written.
@_cdecl("adj_trace_make_observer")
func makeObserverOfEnvironment(_ path: UnsafePointer<CChar>) -> UnsafeMutableRawPointer? {
    guard let recorder = try? Recorder(TraceOptions(), path: String(cString: path)) else {
        return nil
    }
    return Unmanaged<AnyObject>.passRetained(recorder).toOpaque()
}
