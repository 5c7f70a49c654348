import Testing

@testable import AdjointTrace

@Suite struct TFRecordTests {
    @Test("CRC-32C of the examples of RFC 3720, B.4, and of the check value \"123456789\"")
    func checksums() {
        #expect(TFRecord.checksum([UInt8](repeating: 0, count: 32)) == 0x8A91_36AA)
        #expect(TFRecord.checksum([UInt8](repeating: 0xFF, count: 32)) == 0x62A8_AB43)
        #expect(TFRecord.checksum((0..<32).map { $0 }) == 0x46DD_794E)
        #expect(TFRecord.checksum((0..<32).reversed().map { $0 }) == 0x113F_DB5C)
        #expect(TFRecord.checksum(Array("123456789".utf8)) == 0xE306_9283)
        #expect(TFRecord.checksum([]) == 0)
    }

    @Test("A frame is length, masked checksum, content, masked checksum")
    func frames() {
        let content: [UInt8] = [1, 2, 3]
        let frame = TFRecord.frame(content)
        #expect(frame.count == 8 + 4 + 3 + 4)
        #expect(Array(frame[..<8]) == [3, 0, 0, 0, 0, 0, 0, 0])
        #expect(Array(frame[12..<15]) == content)
        let crc = TFRecord.checksum(content)
        let masked = ((crc >> 15) | (crc << 17)) &+ 0xA282_EAD8
        #expect(frame[15...].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) } == masked)
    }

    @Test("Fields are tagged, integers are varints, doubles lie little-endian")
    func fields() {
        var message = ProtobufMessage()
        message.add(1, 300)
        message.add(2, "a")
        message.add(3, 1.0)
        message.add(4, Float(1))
        message.add(5, [1.0])
        message.add(16, -1)
        #expect(
            message.bytes == [0x08, 0xAC, 0x02] + [0x12, 1, 97]
                + [0x19, 0, 0, 0, 0, 0, 0, 0xF0, 0x3F] + [0x25, 0, 0, 0x80, 0x3F]
                + [0x2A, 8, 0, 0, 0, 0, 0, 0, 0xF0, 0x3F]
                + [0x80, 0x01] + [UInt8](repeating: 0xFF, count: 9) + [1])
    }

    @Test("A histogram counts each finite value once, at the ends too")
    func histograms() throws {
        let found = try #require(
            TensorBoardHistogram(of: [0, 1, 2, 3, .nan, 4, .infinity], buckets: 4))
        #expect(found.limits == [0, 1, 2, 3, 4])
        #expect(found.counts == [0, 1, 1, 1, 2])
        #expect(found.count == 5 && found.sum == 10 && found.sumOfSquares == 30)
        #expect(found.min == 0 && found.max == 4)
        let constant = try #require(TensorBoardHistogram(of: [2, 2], buckets: 3))
        #expect(constant.counts.reduce(0, +) == 2 && constant.min == 2 && constant.max == 2)
        let huge = try #require(TensorBoardHistogram(of: [-1e308, 1e308], buckets: 2))
        #expect(huge.limits == [-1e308, 0, 1e308] && huge.counts == [0, 1, 1])
        #expect(TensorBoardHistogram(of: [.nan]) == nil)
        #expect(
            TensorBoardHistogram(edges: [0, 1], counts: [1, 2], sum: 0, sumOfSquares: 0) == nil)
    }
}
