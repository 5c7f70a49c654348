/// The functions of libpng's simplified interface, and the layout of its record (`png_image` of
/// png.h, version 1, the same since libpng 1.6, on machines with 64-bit pointers). Errors in there
/// end in a message, never in a jump or the end of the process.
struct PNG: Sendable {
    private typealias Record = UnsafeMutableRawPointer
    private typealias Begin = @convention(c) (Record, UnsafeRawPointer?, Int) -> CInt
    private typealias Finish =
        @convention(c) (
            Record, UnsafeRawPointer?, UnsafeMutableRawPointer?, Int32, UnsafeMutableRawPointer?
        ) -> CInt
    private typealias Free = @convention(c) (Record) -> Void
    private typealias Write =
        @convention(c) (
            Record, UnsafeMutableRawPointer?, UnsafeMutablePointer<Int>, CInt, UnsafeRawPointer?,
            Int32, UnsafeRawPointer?
        ) -> CInt

    private let begin: Begin
    private let finish: Finish
    private let free: Free
    private let write: Write

    static let shared: PNG? = {
        guard MemoryLayout<Int>.size == 8,
            let library = SharedLibrary(["libpng16.so.16", "libpng16.16.dylib", "libpng16.so"]),
            let begin = library.function("png_image_begin_read_from_memory", as: Begin.self),
            let finish = library.function("png_image_finish_read", as: Finish.self),
            let free = library.function("png_image_free", as: Free.self),
            let write = library.function("png_image_write_to_memory", as: Write.self)
        else { return nil }
        return PNG(begin: begin, finish: finish, free: free, write: write)
    }()

    static func missing(_ path: String) -> DataFileError {
        DataFileError(
            path: path, problem: "PNG images take libpng, and none was found",
            advice: "install it (Debian and Ubuntu: apt install libpng16-16; macOS: brew install "
                + "libpng)")
    }

    /// Offsets in `png_image`.
    private static let version = 8
    private static let width = 12
    private static let height = 16
    private static let format = 20
    private static let flags = 24
    private static let verdict = 32
    private static let message = 36
    private static let size = 104
    /// Samples of 16 bits are no linear light, but what 8 bits would be, more finely.
    private static let sameScale: UInt32 = 4

    /// `PNG_FORMAT_GRAY`, `_GA`, `_RGB` and `_RGBA`, by the number of channels.
    private static func format(_ channels: Int) -> UInt32 { UInt32(channels - 1) }

    private func withRecord<R>(_ body: (Record) -> R) -> R {
        let record = Record.allocate(byteCount: Self.size, alignment: 16)
        record.initializeMemory(as: UInt8.self, repeating: 0, count: Self.size)
        record.storeBytes(of: 1, toByteOffset: Self.version, as: UInt32.self)
        defer {
            free(record)
            record.deallocate()
        }
        return body(record)
    }

    private func text(_ record: Record) -> String {
        String(
            decoding: UnsafeRawBufferPointer(start: record + Self.message, count: 64)
                .prefix { $0 != 0 }, as: UTF8.self)
    }

    /// The pixels of a PNG file, in its own channels, a byte each.
    func pixels(_ bytes: UnsafeRawBufferPointer, path: String) throws(DataFileError) -> Pixels {
        let header = try PNGHeader(bytes, path: path)
        let pixels = Pixels(
            height: header.height, width: header.width, channels: header.channels)
        let problem: String? = withRecord { record in
            header.content.withUnsafeBytes { content in
                guard begin(record, content.baseAddress, content.count) != 0 else {
                    return text(record)
                }
                guard record.load(fromByteOffset: Self.width, as: UInt32.self) == header.width,
                    record.load(fromByteOffset: Self.height, as: UInt32.self) == header.height
                else { return "its sizes are stated in two ways" }
                record.storeBytes(
                    of: Self.format(header.channels), toByteOffset: Self.format, as: UInt32.self)
                let flags = record.load(fromByteOffset: Self.flags, as: UInt32.self)
                record.storeBytes(
                    of: flags | Self.sameScale, toByteOffset: Self.flags, as: UInt32.self)
                let done = finish(
                    record, nil, pixels.memory.memory, Int32(header.width * header.channels), nil)
                let verdict = record.load(fromByteOffset: Self.verdict, as: UInt32.self)
                return done == 0 || verdict & 3 != 0 ? text(record) : nil
            }
        }
        if let problem { throw .damaged(path, "the PNG image cannot be read (\(problem))") }
        return pixels
    }

    /// A PNG file of 1 to 4 channels of a byte, row after row. Nil, and why, where libpng refuses.
    func file(
        _ bytes: UnsafeRawBufferPointer, height: Int, width: Int, channels: Int
    ) -> Result<[UInt8], DataFileError> {
        // What deflate adds at most to data that it cannot pack, and a header for each chunk.
        let raw = height * (width * channels + 1)
        let bound = raw + raw / 256 + 4096
        return withRecord { record in
            record.storeBytes(of: UInt32(width), toByteOffset: Self.width, as: UInt32.self)
            record.storeBytes(of: UInt32(height), toByteOffset: Self.height, as: UInt32.self)
            record.storeBytes(of: Self.format(channels), toByteOffset: Self.format, as: UInt32.self)
            var count = bound
            let file = [UInt8](unsafeUninitializedCapacity: bound) { buffer, written in
                let done = write(
                    record, buffer.baseAddress, &count, 0, bytes.baseAddress,
                    Int32(width * channels), nil)
                written = done == 0 || count > bound ? 0 : count
            }
            if !file.isEmpty { return .success(file) }
            return .failure(
                DataFileError(
                    path: "", problem: "the image cannot be packed as PNG (\(text(record)))",
                    advice: "check its size"))
        }
    }
}
