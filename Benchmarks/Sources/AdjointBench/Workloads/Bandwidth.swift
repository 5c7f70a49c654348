import Adjoint

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// What the machine's memory allows, measured beside the workloads that it limits.
enum Bandwidth {
    private static let bytes = 64_000_000

    /// The system's `memcpy`, with nothing of the library in between.
    static let workload = Workload(
        "copy-bandwidth", "64 MB copied by memcpy on as many threads as the library uses",
        repetitions: 3
    ) {
        let copy = Copy(bytes, parts: threads)
        return .init(
            step: copy.run,
            details: { count in
                let median = Times(copy.times.suffix(count)).median
                return [("gigabytes_per_second", 2 * Double(bytes) / 1e9 / median)]
            })
    }

    private static var threads: Int {
        let asked = getenv("ADJOINT_NUM_THREADS").flatMap { Int(String(cString: $0)) } ?? 0
        return asked > 0 ? asked : max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    }
}

private final class Copy {
    /// A stretch of the memory, for one thread.
    private final class Part {
        let target: UnsafeMutableRawPointer
        let source: UnsafeRawPointer
        let count: Int

        init(_ target: UnsafeMutableRawPointer, _ source: UnsafeRawPointer, _ count: Int) {
            self.target = target
            self.source = source
            self.count = count
        }
    }

    private let parts: [Part]
    private let memory: UnsafeMutableRawPointer
    var times: [Double] = []

    init(_ bytes: Int, parts count: Int) {
        // Written once, so that every page is there.
        memory = .allocate(byteCount: 2 * bytes, alignment: 4096)
        memset(memory, 1, 2 * bytes)
        let (source, target) = (memory, memory + bytes)
        parts = (0..<count).map { i in
            let (begin, end) = (bytes * i / count, bytes * (i + 1) / count)
            return Part(target + begin, source + begin, end - begin)
        }
    }

    deinit { memory.deallocate() }

    func run() {
        times.append(
            seconds(1) {
                let others = parts.dropFirst().compactMap(start)
                memcpy(parts[0].target, parts[0].source, parts[0].count)
                for thread in others { pthread_join(thread, nil) }
            })
    }

    private func start(_ part: Part) -> pthread_t? {
        #if canImport(Darwin)
            var thread: pthread_t?
        #else
            var thread = pthread_t()
        #endif
        let status = pthread_create(
            &thread, nil,
            { argument in
                #if canImport(Darwin)
                    let address = argument
                #else
                    let address = argument!
                #endif
                let part = Unmanaged<Part>.fromOpaque(address).takeUnretainedValue()
                memcpy(part.target, part.source, part.count)
                return nil
            }, Unmanaged.passUnretained(part).toOpaque())
        return status == 0 ? thread : nil
    }
}
