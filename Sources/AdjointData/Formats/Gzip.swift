/// Packing by zlib, which is found when the program runs.
package struct Gzip: Sendable {
    private typealias Stream = UnsafeMutableRawPointer
    private typealias Initialize =
        @convention(c) (Stream, CInt, CInt, CInt, CInt, CInt, UnsafePointer<CChar>, CInt) -> CInt
    private typealias Step = @convention(c) (Stream, CInt) -> CInt
    private typealias Finish = @convention(c) (Stream) -> CInt

    private let initialize: Initialize
    private let step: Step
    private let finish: Finish

    /// Nil where there is no zlib.
    package static let shared: Gzip? = {
        guard MemoryLayout<Int>.size == 8 else { return nil }
        for name in Zlib.names {
            guard let library = SharedLibrary([name]),
                let initialize = library.function("deflateInit2_", as: Initialize.self),
                let step = library.function("deflate", as: Step.self),
                let finish = library.function("deflateEnd", as: Finish.self)
            else { continue }
            return Gzip(initialize: initialize, step: step, finish: finish)
        }
        return nil
    }()

    /// `bytes` as a gzip file without name and date: the same bytes give the same file. Nil where
    /// zlib refuses, for lack of memory.
    package func packed(_ bytes: [UInt8]) -> [UInt8]? {
        let stream = Stream.allocate(byteCount: Zlib.size, alignment: 16)
        defer { stream.deallocate() }
        stream.initializeMemory(as: UInt8.self, repeating: 0, count: Zlib.size)
        // The best level, the only method, gzip's frame, the usual memory and strategy.
        let (best, deflated, frame, memory, usual): (CInt, CInt, CInt, CInt, CInt) = (
            9, 8, 31, 8, 0
        )
        guard
            initialize(
                stream, best, deflated, frame, memory, usual, "1.2.3", CInt(Zlib.size)) == 0
        else { return nil }
        defer { _ = finish(stream) }
        let end: CInt = 4
        var output: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        var position = 0
        while true {
            // zlib counts in 32 bits; more is handed over in pieces.
            let offered = min(bytes.count - position, 1 << 30)
            let isLast = position + offered == bytes.count
            var status: CInt = 0
            bytes.withUnsafeBytes { input in
                chunk.withUnsafeMutableBytes { buffer in
                    Zlib.offer(input.baseAddress.map { $0 + position }, offered, on: stream)
                    Zlib.makeRoom(buffer.baseAddress, buffer.count, on: stream)
                    status = step(stream, isLast ? end : 0)
                }
            }
            position += offered - Zlib.left(on: stream)
            output.append(contentsOf: chunk[..<(chunk.count - Zlib.room(on: stream))])
            if status == Zlib.streamEnd { return output }
            guard status == 0 || status == Zlib.bufferError else { return nil }
        }
    }
}
