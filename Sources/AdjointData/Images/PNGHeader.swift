/// The first facts of a PNG file, checked against its size, and the chunks that its pixels follow
/// from (ISO/IEC 15948).
struct PNGHeader {
    let width: Int
    let height: Int
    /// gray, gray and alpha, RGB, or RGB and alpha
    let channels: Int
    /// The file without its notes: colour profiles and gammas among them, which other readers of
    /// training data leave out too.
    let content: [UInt8]

    static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

    init(_ bytes: UnsafeRawBufferPointer, path: String) throws(DataFileError) {
        guard bytes.count >= 33, bytes.prefix(8).elementsEqual(Self.signature) else {
            throw .damaged(path, "the file ends within the header of a PNG image")
        }
        func number(_ offset: Int) -> Int {
            Int(UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
        }
        guard number(8) == 13, Self.name(bytes, 12) == "IHDR" else {
            throw .damaged(path, "the PNG image does not begin with its header")
        }
        (width, height) = (number(16), number(20))
        let (depth, kind) = (Int(bytes[24]), bytes[25])
        let samples = [0: 1, 2: 3, 3: 1, 4: 2, 6: 4][kind]
        guard let samples, [1, 2, 4, 8, 16].contains(depth), width > 0, height > 0 else {
            throw .damaged(
                path,
                "the PNG header states \(width) x \(height) pixels of kind \(kind) and "
                    + "\(depth) bits")
        }
        var content = Self.signature
        content.reserveCapacity(bytes.count)
        var (offset, packed, hasTransparency) = (8, 0, false)
        while offset < bytes.count {
            guard bytes.count - offset >= 12, number(offset) <= bytes.count - offset - 12 else {
                throw .damaged(path, "the PNG image is truncated within a chunk")
            }
            let end = offset + 12 + number(offset)
            let name = Self.name(bytes, offset + 4)
            if name == "tRNS" { hasTransparency = true }
            if name == "IDAT" { packed += number(offset) }
            // A small first letter marks what a reader need not understand.
            if bytes[offset + 4] & 0x20 == 0 || name == "tRNS" {
                content += bytes[offset..<end]
            }
            offset = end
            if name == "IEND" { break }
        }
        // A deflate stream gives at most 1,032 bytes for one (Mark Adler, zlib's technical notes).
        guard width <= Pixels.most, height <= Pixels.most, width * height <= Pixels.most,
            width * height * depth * samples / 8 <= (packed + 1) * 1032
        else {
            throw DataFileError(
                path: path,
                problem:
                    "the PNG header states \(width) x \(height) pixels, which \(packed) packed "
                    + "bytes cannot hold, or more than 2^28",
                advice: "the file is damaged: save or download it again")
        }
        let isColored = kind == 2 || kind == 3 || kind == 6
        let hasAlpha = kind == 4 || kind == 6 || hasTransparency
        channels = (isColored ? 3 : 1) + (hasAlpha ? 1 : 0)
        self.content = content
    }

    private static func name(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> String {
        String(decoding: bytes[offset..<(offset + 4)], as: UTF8.self)
    }
}
