import AdjointData

/// A zip archive with true sizes and checksums, each entry stored or packed with deflate.
enum FuzzZip {
    static func bytes(_ entries: [(name: String, content: [UInt8])], packed: Bool) -> [UInt8] {
        var (file, table): ([UInt8], [UInt8]) = ([], [])
        for (name, content) in entries {
            let deflated = packed ? FuzzDeflate.packed(content) : nil
            let data = deflated ?? content
            let start = file.count
            let common: [UInt8] =
                little(UInt16(0)) + little(UInt16(deflated == nil ? 0 : 8)) + little(UInt32(33))
                + little(FuzzDeflate.checksum(content)) + little(UInt32(data.count))
                + little(UInt32(content.count))
                + little(UInt16(truncatingIfNeeded: name.utf8.count))
                + little(UInt16(0))
            file += [0x50, 0x4B, 3, 4, 20, 0] + common + Array(name.utf8) + data
            table += [0x50, 0x4B, 1, 2, 20, 0, 20, 0] + common
            table += [UInt8](repeating: 0, count: 10) + little(UInt32(start)) + Array(name.utf8)
        }
        let start = file.count
        let count = little(UInt16(truncatingIfNeeded: entries.count))
        return file + table + [0x50, 0x4B, 5, 6, 0, 0, 0, 0] + count + count
            + little(UInt32(table.count)) + little(UInt32(start)) + [0, 0]
    }
}

/// What packed files are made of.
enum FuzzDeflate {
    /// A bare deflate stream (RFC 1951); nil where there is no zlib.
    static func packed(_ bytes: [UInt8]) -> [UInt8]? {
        // gzip's header has 10 bytes, its end 8.
        Gzip.shared?.packed(bytes).map { Array($0.dropFirst(10).dropLast(8)) }
    }

    /// A zlib stream (RFC 1950).
    static func framed(_ bytes: [UInt8]) -> [UInt8]? {
        packed(bytes).map { [0x78, 0x01] + $0 + big(adler(bytes)) }
    }

    /// CRC-32, as zip archives and PNG files have it.
    static func checksum(_ bytes: [UInt8]) -> UInt32 {
        var rest: UInt32 = .max
        for byte in bytes { rest = rest >> 8 ^ table[Int(UInt8(truncatingIfNeeded: rest) ^ byte)] }
        return ~rest
    }

    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { rest, _ in rest >> 1 ^ (rest & 1 == 1 ? 0xEDB8_8320 : 0) }
    }

    private static func adler(_ bytes: [UInt8]) -> UInt32 {
        var (a, b): (UInt32, UInt32) = (1, 0)
        for byte in bytes {
            a = (a + UInt32(byte)) % 65_521
            b = (b + a) % 65_521
        }
        return b << 16 | a
    }
}
