/// A message in the wire format of protocol buffers: fields one after another, each behind its
/// number and kind (https://protobuf.dev/programming-guides/encoding). Fields that hold the
/// default are written where they are given.
struct ProtobufMessage {
    private(set) var bytes: [UInt8] = []

    /// An integer, negative ones in ten bytes.
    mutating func add(_ field: Int, _ value: Int) {
        tag(field, 0)
        varint(UInt64(bitPattern: Int64(value)))
    }

    /// Eight bytes.
    mutating func add(_ field: Int, _ value: Double) {
        tag(field, 1)
        fixed(value.bitPattern)
    }

    /// Four bytes.
    mutating func add(_ field: Int, _ value: Float) {
        tag(field, 5)
        fixed(value.bitPattern)
    }

    mutating func add(_ field: Int, _ text: String) { add(field, Array(text.utf8)) }

    mutating func add(_ field: Int, _ message: ProtobufMessage) { add(field, message.bytes) }

    mutating func add(_ field: Int, _ content: [UInt8]) {
        tag(field, 2)
        varint(UInt64(content.count))
        bytes += content
    }

    /// A repeated field of doubles, packed.
    mutating func add(_ field: Int, _ values: [Double]) {
        tag(field, 2)
        varint(UInt64(values.count * 8))
        for value in values { fixed(value.bitPattern) }
    }

    private mutating func tag(_ field: Int, _ kind: UInt64) { varint(UInt64(field) << 3 | kind) }

    /// Seven bits a byte, the lowest first; the top bit says that more follow.
    private mutating func varint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    private mutating func fixed(_ bits: some FixedWidthInteger) {
        withUnsafeBytes(of: bits.littleEndian) { bytes += $0 }
    }
}
