/// CRC-32, as zip archives and gzip files have it (ISO 3309; polynomial 0xEDB88320, reflected).
struct Checksum {
    /// The checksum of all bytes so far.
    private(set) var value: UInt32 = 0

    /// Takes in more bytes: with zlib where the machine has it, which is many times faster.
    mutating func update(_ bytes: UnsafeRawBufferPointer) {
        guard let zlib = Zlib.shared else { return updateByTable(bytes) }
        // zlib counts in 32 bits.
        for start in stride(from: 0, to: bytes.count, by: 1 << 30) {
            let count = min(bytes.count - start, 1 << 30)
            value = UInt32(
                truncatingIfNeeded: zlib.checksum(
                    UInt(value), bytes.baseAddress.map { $0 + start }, UInt32(count)))
        }
    }

    /// The same, a byte at a time.
    mutating func updateByTable(_ bytes: UnsafeRawBufferPointer) {
        var rest = ~value
        for byte in bytes {
            rest = rest >> 8 ^ Self.table[Int(UInt8(truncatingIfNeeded: rest) ^ byte)]
        }
        value = ~rest
    }

    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { rest, _ in rest >> 1 ^ (rest & 1 == 1 ? 0xEDB8_8320 : 0) }
    }
}
