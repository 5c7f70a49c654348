import Testing

@testable import AdjointData

@Suite struct IDXArrayTests {
    private func read(_ bytes: [UInt8]) throws(DataFileError) -> IDXArray {
        try IDXArray(bytes, path: "x.idx")
    }

    private func problem(_ bytes: [UInt8]) -> String {
        do {
            _ = try read(bytes)
            return "nothing was thrown"
        } catch { return error.problem }
    }

    @Test func readsEveryType() throws {
        #expect(try read([0, 0, 8, 1, 0, 0, 0, 2, 7, 255]).doubles == [7, 255])
        #expect(try read([0, 0, 9, 1, 0, 0, 0, 2, 7, 255]).doubles == [7, -1])
        #expect(try read([0, 0, 11, 1, 0, 0, 0, 2, 1, 2, 255, 254]).doubles == [258, -2])
        #expect(try read([0, 0, 12, 1, 0, 0, 0, 1, 255, 255, 255, 0]).doubles == [-256])
        #expect(try read([0, 0, 13, 1, 0, 0, 0, 1, 0x3F, 0xC0, 0, 0]).doubles == [1.5])
        #expect(
            try read([0, 0, 14, 1, 0, 0, 0, 1, 0xC0, 0x04, 0, 0, 0, 0, 0, 0]).doubles == [-2.5])
    }

    @Test func readsOneToFourDimensions() throws {
        for rank in 1...4 {
            let sizes = Array([2, 1, 3, 2][..<rank])
            var bytes: [UInt8] = [0, 0, 8, UInt8(rank)]
            for size in sizes { bytes += [0, 0, 0, UInt8(size)] }
            let array = try read(bytes + (0..<UInt8(sizes.reduce(1, *))))
            #expect(array.shape == sizes)
            #expect(array.count == sizes.reduce(1, *))
        }
        #expect(try read([0, 0, 8, 2, 0, 0, 0, 0, 0, 0, 0, 5]).count == 0)
    }

    @Test func refusesWhatIsNotWhole() {
        #expect(problem([]) == "the file is empty")
        #expect(problem([0, 0]).contains("ends within the first 4 bytes"))
        #expect(problem([0x89, 0x50, 0x4E, 0x47]).contains("the bytes 89 50 4e 47"))
        #expect(problem([0, 0, 10, 1, 0, 0, 0, 0]).contains("no IDX file"))
        #expect(problem([0, 0, 8, 0]).contains("0 dimensions where 1 to 4"))
        #expect(problem([0, 0, 8, 5]).contains("5 dimensions"))
        #expect(problem([0, 0, 8, 2, 0, 0, 0, 1]).contains("truncated"))
        #expect(problem([0, 0, 8, 1, 0, 0, 0, 3, 1, 2]).contains("ends after 10"))
        #expect(problem([0, 0, 8, 1, 0, 0, 0, 1, 1, 2]).contains("goes on after them"))
        let most = [UInt8](repeating: 255, count: 16)
        #expect(problem([0, 0, 14, 4] + most).contains("more than 4 GiB"))
    }

    @Test(.needsZlib) func aPackedFileIsUnpackedNoFurtherThanItsHeader() throws {
        // python3: gzip.compress(bytes([0,0,8,1,0,0,0,2,7,9]) + tail, mtime=0), tail b"" and b"!"
        let whole: [UInt8] = [
            31, 139, 8, 0, 0, 0, 0, 0, 2, 3, 99, 96, 224, 96, 100, 96, 96, 96,
            98, 231, 4, 0, 122, 130, 1, 163, 10, 0, 0, 0,
        ]
        let long: [UInt8] = [
            31, 139, 8, 0, 0, 0, 0, 0, 2, 3, 99, 96, 224, 96, 100, 96, 96, 96,
            98, 231, 84, 4, 0, 115, 102, 24, 46, 11, 0, 0, 0,
        ]
        try withTemporaryFile(whole) { path in
            let array = try IDXArray(readingFrom: path)
            #expect(array.doubles == [7, 9])
        }
        try withTemporaryFile(long) { path in
            let error = try #require(throws: DataFileError.self) { try IDXArray(readingFrom: path) }
            #expect(error.problem.contains("goes on after them"))
        }
        try withTemporaryFile(whole.dropLast(9)) { path in
            let error = try #require(throws: DataFileError.self) { try IDXArray(readingFrom: path) }
            #expect(error.problem.contains("gzip data end too early"))
        }
        var damaged = whole
        damaged[damaged.count - 6] ^= 1
        try withTemporaryFile(damaged) { path in
            let error = try #require(throws: DataFileError.self) { try IDXArray(readingFrom: path) }
            #expect(error.problem.contains("damaged"))
        }
        try withTemporaryFile(whole + whole) { path in
            let error = try #require(throws: DataFileError.self) { try IDXArray(readingFrom: path) }
            #expect(error.problem.contains("goes on after them"))
        }
    }
}
