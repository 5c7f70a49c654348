#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// A lock, and a way to wait inside it for what another thread changes under it.
package final class Monitor: @unchecked Sendable {
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

    package init() {
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(condition, nil)
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
    }

    package func locked<R>(_ body: () -> R) -> R {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return body()
    }

    /// Lets others into the lock until one of them wakes all. Only inside `locked`.
    package func wait() { pthread_cond_wait(condition, mutex) }

    package func wakeAll() { pthread_cond_broadcast(condition) }
}

/// A thread of the system that runs a closure once.
package struct WorkerThread: @unchecked Sendable {
    private let identifier: pthread_t

    private final class Body: Sendable {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }

        /// Runs the closure of a retained body, and lets go of it.
        static func consume(_ pointer: UnsafeMutableRawPointer) {
            Unmanaged<Body>.fromOpaque(pointer).takeRetainedValue().run()
        }
    }

    /// Nil where the system has no thread to give.
    package init?(_ body: @escaping @Sendable () -> Void) {
        let pointer = Unmanaged.passRetained(Body(body)).toOpaque()
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        // Some systems give other threads than the first half a MiB.
        pthread_attr_setstacksize(&attributes, 8 << 20)
        #if canImport(Darwin)
            var started: pthread_t?
            let code = pthread_create(
                &started, &attributes,
                {
                    Body.consume($0)
                    return nil
                }, pointer)
            guard code == 0, let started else {
                Unmanaged<Body>.fromOpaque(pointer).release()
                return nil
            }
            identifier = started
        #else
            var started = pthread_t()
            let code = pthread_create(
                &started, &attributes,
                {
                    if let pointer = $0 { Body.consume(pointer) }
                    return nil
                }, pointer)
            guard code == 0 else {
                Unmanaged<Body>.fromOpaque(pointer).release()
                return nil
            }
            identifier = started
        #endif
    }

    /// Waits for the end of the closure. Once.
    package func join() { pthread_join(identifier, nil) }
}
