/// The frames that TensorBoard's event files are made of: length in eight bytes, its checksum,
/// the content, its checksum; all little-endian.
/// (https://www.tensorflow.org/tutorials/load_data/tfrecord)
enum TFRecord {
    /// `content` in its frame.
    static func frame(_ content: [UInt8]) -> [UInt8] {
        let length = bytes(UInt64(content.count))
        return length + bytes(maskedChecksum(length)) + content + bytes(maskedChecksum(content))
    }

    /// The checksum, turned and moved, so that a checksum of data that holds checksums stays good.
    static func maskedChecksum(_ content: [UInt8]) -> UInt32 {
        let crc = checksum(content)
        return (crc >> 15 | crc << 17) &+ 0xA282_EAD8
    }

    /// CRC-32C (Castagnoli; polynomial 0x82F63B78, reflected; RFC 3720, appendix B.4).
    static func checksum(_ content: [UInt8]) -> UInt32 {
        var rest = UInt32.max
        for byte in content {
            rest = rest >> 8 ^ table[Int(UInt8(truncatingIfNeeded: rest) ^ byte)]
        }
        return ~rest
    }

    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { rest, _ in rest >> 1 ^ (rest & 1 == 1 ? 0x82F6_3B78 : 0) }
    }

    private static func bytes(_ value: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: value.littleEndian) { Array($0) }
    }
}
