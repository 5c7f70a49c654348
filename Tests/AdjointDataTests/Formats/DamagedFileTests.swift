import Testing

@testable import AdjointData

/// Whatever a file holds, reading it ends: in an array whose size is right, or in one line of text.
@Suite struct DamagedFileTests {
    private let csv = Array("a,\"b\"\r\n1,2.5\n\"3\",-4e2\n".utf8)
    private let idx: [UInt8] = [0, 0, 11, 2, 0, 0, 0, 2, 0, 0, 0, 1, 1, 2, 3, 4]

    @Test func everyTruncationIsSurvived() {
        for length in 0..<csv.count { checkTable(Array(csv[..<length])) }
        for length in 0..<idx.count { #expect(!checkArray(Array(idx[..<length]))) }
    }

    @Test func everyChangeOfAByteIsSurvived() {
        for position in csv.indices {
            for byte in UInt8.min...UInt8.max {
                var bytes = csv
                bytes[position] = byte
                checkTable(bytes)
            }
        }
        for position in idx.indices {
            for byte in UInt8.min...UInt8.max {
                var bytes = idx
                bytes[position] = byte
                checkArray(bytes)
            }
        }
    }

    private func checkTable(_ bytes: [UInt8]) {
        do {
            let table = try CSVTable(bytes, path: "t.csv")
            #expect(table.values.count == table.rowCount * table.columns.count)
            #expect(table.values.allSatisfy { $0.isFinite })
        } catch {
            #expect(!error.description.contains("\n") && error.description.hasPrefix("t.csv"))
        }
    }

    @discardableResult private func checkArray(_ bytes: [UInt8]) -> Bool {
        do {
            let array = try IDXArray(bytes, path: "x.idx")
            #expect(array.doubles.count == array.count)
            return true
        } catch {
            #expect(!error.description.contains("\n") && error.description.hasPrefix("x.idx"))
            return false
        }
    }
}
