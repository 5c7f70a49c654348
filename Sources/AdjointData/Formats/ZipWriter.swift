/// Writes a zip archive whose entries are stored as they are, the 64-bit extension where a size
/// asks for it. Times are those of the format's first day, so that equal content gives equal files.
struct ZipWriter {
    private let sink: FileSink
    private var table: [UInt8] = []
    private var count = 0
    /// The least number that takes 64 bits.
    private let large: Int
    /// 1 January 1980.
    private static let date: UInt16 = 1 << 5 | 1

    /// - Parameter large: A lower number than the format's own makes small archives that use the
    ///   extension.
    init(_ sink: FileSink, large: Int = 0xFFFF_FFFF) {
        self.sink = sink
        self.large = large
    }

    /// Adds an entry of `size` bytes, which `content` puts into the sink, and whose checksum is
    /// known. They begin at a multiple of `alignment` bytes.
    mutating func add(
        _ name: String, size: Int, checksum: UInt32, alignment: Int = 1, _ content: () -> Void
    ) {
        let start = sink.count
        let bytes = Array(name.utf8)
        var wide: [UInt8] = []
        if size >= large { wide = le(UInt16(1)) + le(UInt16(16)) + le(size) + le(size) }
        // An extra field of any kind pads; its own header takes 4 bytes.
        let begin = start + 30 + bytes.count + wide.count
        var padding: [UInt8] = []
        if begin % alignment != 0 {
            let length = alignment - (begin + 4) % alignment
            padding = le(UInt16(0x4246)) + le(UInt16(length)) + [UInt8](repeating: 0, count: length)
        }
        let shown = short(size)
        let common: [UInt8] =
            le(UInt16(0x0800)) + le(UInt16(0)) + le(UInt16(0)) + le(Self.date) + le(checksum)
            + le(shown) + le(shown) + le(UInt16(bytes.count))
        sink.put(
            [0x50, 0x4B, 3, 4] + le(UInt16(wide.isEmpty ? 20 : 45)) + common
                + le(UInt16(wide.count + padding.count)) + bytes + wide + padding)
        content()
        var far = wide
        if start >= large {
            far = le(UInt16(1)) + le(UInt16(wide.isEmpty ? 8 : 24)) + wide.dropFirst(4) + le(start)
        }
        table += [0x50, 0x4B, 1, 2] + le(UInt16(45)) + le(UInt16(far.isEmpty ? 20 : 45)) + common
        table += le(UInt16(far.count)) + [UInt8](repeating: 0, count: 10)
        table += le(short(start)) + bytes + far
        count += 1
    }

    /// Adds an entry that is in memory.
    mutating func add(_ name: String, _ bytes: [UInt8]) {
        var checksum = Checksum()
        bytes.withUnsafeBytes { checksum.update($0) }
        add(name, size: bytes.count, checksum: checksum.value) { [sink] in sink.put(bytes) }
    }

    /// All ones where the extension has the number, and for the size of a tensor without data that
    /// an Int does not count: no file comes of that.
    private func short(_ number: Int) -> UInt32 {
        number >= large ? .max : UInt32(exactly: number) ?? .max
    }

    /// Writes the table of contents.
    func finish() {
        let start = sink.count
        sink.put(table)
        if start >= large || count >= 0xFFFF || table.count >= large {
            let record = sink.count
            sink.put(
                [0x50, 0x4B, 6, 6] + le(44) + le(UInt16(45)) + le(UInt16(45)) + le(UInt32(0))
                    + le(UInt32(0)) + le(count) + le(count) + le(table.count) + le(start))
            sink.put([0x50, 0x4B, 6, 7] + le(UInt32(0)) + le(record) + le(UInt32(1)))
        }
        let shown = le(UInt16(min(count, 0xFFFF)))
        sink.put(
            [0x50, 0x4B, 5, 6] + le(UInt32(0)) + shown + shown
                + le(short(table.count)) + le(short(start))
                + le(UInt16(0)))
    }
}

/// The bytes of `value`, little-endian.
private func le(_ value: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: value.littleEndian) { Array($0) }
}
