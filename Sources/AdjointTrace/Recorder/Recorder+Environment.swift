import AdjointCore
import Synchronization

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// The recorder of the whole process. It is there until the process ends.
private let recorder = Mutex<Recorder?>(nil)

/// Makes the recorder of a whole process, where the environment asks for one: the engine calls it
/// once, before its first operation, if this module is linked. Null where the file cannot be
/// written.
@_cdecl("adj_trace_make_observer")
func makeObserverOfEnvironment(_ path: UnsafePointer<CChar>) -> UnsafeMutableRawPointer? {
    guard let made = try? Recorder(TraceOptions(), path: String(cString: path)) else {
        return nil
    }
    recorder.withLock { $0 = made }
    atexit { recorder.withLock { $0 }?.drain() }
    return Unmanaged<AnyObject>.passRetained(made).toOpaque()
}
