/// The functions of zlib that unpacking and checksums take, and the layout of their stream record
/// (`z_stream` of zlib.h, the same since 1995, on machines with 64-bit pointers and longs).
struct Zlib: Sendable {
    enum Outcome {
        case finished, full, truncated
        case damaged(String)
    }

    /// What surrounds the packed data: a gzip file, or nothing, as in a zip archive. The raw values
    /// are the window sizes by which zlib knows them.
    enum Packing: CInt {
        case gzip = 31
        case bare = -15
    }

    typealias Stream = UnsafeMutableRawPointer
    typealias Initialize = @convention(c) (Stream, CInt, UnsafePointer<CChar>, CInt) -> CInt
    typealias Step = @convention(c) (Stream, CInt) -> CInt
    typealias Finish = @convention(c) (Stream) -> CInt
    typealias Checksum = @convention(c) (UInt, UnsafeRawPointer?, CUnsignedInt) -> UInt

    let initialize: Initialize
    let step: Step
    let reset: Finish
    let finish: Finish
    /// CRC-32 of some bytes, going on from that of those before.
    let checksum: Checksum

    static let names = ["libz.so.1", "libz.1.dylib", "libz.dylib", "libz.so"]

    static let shared: Zlib? = {
        guard MemoryLayout<Int>.size == 8 else { return nil }
        for name in names {
            guard let library = SharedLibrary([name]),
                let initialize = library.function("inflateInit2_", as: Initialize.self),
                let step = library.function("inflate", as: Step.self),
                let reset = library.function("inflateReset", as: Finish.self),
                let finish = library.function("inflateEnd", as: Finish.self),
                let checksum = library.function("crc32", as: Checksum.self)
            else { continue }
            return Zlib(
                initialize: initialize, step: step, reset: reset, finish: finish,
                checksum: checksum)
        }
        return nil
    }()

    /// Offsets in `z_stream`: what is left to read, room left to write, the message, the size.
    private static let nextIn = 0
    private static let availableIn = 8
    private static let nextOut = 24
    private static let availableOut = 32
    private static let message = 48
    static let size = 112
    static let streamEnd: CInt = 1
    static let bufferError: CInt = -5

    /// Hands over bytes to read, and memory to write to; both stay where they are for the step.
    static func offer(_ bytes: UnsafeRawPointer?, _ count: Int, on stream: Stream) {
        stream.storeBytes(of: bytes, toByteOffset: nextIn, as: UnsafeRawPointer?.self)
        stream.storeBytes(of: UInt32(count), toByteOffset: availableIn, as: UInt32.self)
    }

    static func makeRoom(_ memory: UnsafeMutableRawPointer?, _ count: Int, on stream: Stream) {
        stream.storeBytes(of: memory, toByteOffset: nextOut, as: UnsafeMutableRawPointer?.self)
        stream.storeBytes(of: UInt32(count), toByteOffset: availableOut, as: UInt32.self)
    }

    /// How many bytes a step left unread, and how much memory unwritten.
    static func left(on stream: Stream) -> Int {
        Int(stream.load(fromByteOffset: availableIn, as: UInt32.self))
    }

    static func room(on stream: Stream) -> Int {
        Int(stream.load(fromByteOffset: availableOut, as: UInt32.self))
    }

    func inflate(
        _ input: UnsafeRawBufferPointer, _ packing: Packing, into output: inout [UInt8],
        atMost limit: Int
    ) -> Outcome {
        let stream = Stream.allocate(byteCount: Self.size, alignment: 16)
        defer { stream.deallocate() }
        stream.initializeMemory(as: UInt8.self, repeating: 0, count: Self.size)
        guard initialize(stream, packing.rawValue, "1.2.3", CInt(Self.size)) == 0 else {
            return .damaged("zlib refuses to start")
        }
        defer { _ = finish(stream) }
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        var position = 0
        while output.count < limit {
            // zlib counts in 32 bits; a larger file is handed over in pieces.
            let offered = min(input.count - position, 1 << 30)
            let room = min(chunk.count, limit - output.count)
            var status: CInt = 0
            chunk.withUnsafeMutableBytes { buffer in
                Self.offer(input.baseAddress.map { $0 + position }, offered, on: stream)
                Self.makeRoom(buffer.baseAddress, room, on: stream)
                status = step(stream, 0)
            }
            position += offered - Self.left(on: stream)
            output.append(contentsOf: chunk[..<(room - Self.room(on: stream))])
            switch status {
            case 0: continue
            case Self.streamEnd where packing == .bare:
                return position == input.count
                    ? .finished : .damaged("something follows their end")
            case Self.streamEnd:
                // Another member may follow; zero bytes may pad the end, as tape archives do.
                if input[position...].allSatisfy({ $0 == 0 }) { return .finished }
                guard reset(stream) == 0 else { return .damaged("zlib refuses to go on") }
            case Self.bufferError: return .truncated
            default:
                let text = stream.load(fromByteOffset: Self.message, as: UnsafePointer<CChar>?.self)
                return .damaged(text.map { String(cString: $0) } ?? "code \(status)")
            }
        }
        return .full
    }
}
