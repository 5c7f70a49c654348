import Testing

@testable import AdjointData

@Suite struct CSVTableTests {
    private func read(_ text: String) throws(DataFileError) -> CSVTable {
        try CSVTable(Array(text.utf8), path: "t.csv")
    }

    private func message(_ text: String) -> String {
        do {
            _ = try read(text)
            return "nothing was thrown"
        } catch { return error.description }
    }

    @Test func readsHeaderAndRows() throws {
        let table = try read("a,b\n1,2.5\n-3,4e2\n")
        #expect(table.columns == ["a", "b"])
        #expect(table.hasHeader)
        #expect(table.values == [1, 2.5, -3, 400])
        #expect(table.lines == [2, 3])
        #expect(table.column(1) == [2.5, 400])
    }

    @Test(arguments: [
        "\u{FEFF}a,b\r\n1,2\r\n\r\n3,4\r\n", "a,b\r1,2\r\r3,4", "\n \n a , b \n1 ,2\n\n3,\t4",
        "\"a\",\"b\"\n\"1\",2\n\n3,\"4\"",
    ])
    func acceptsWhatProgramsWrite(text: String) throws {
        let table = try read(text)
        #expect(table.columns == ["a", "b"])
        #expect(table.values == [1, 2, 3, 4])
        #expect(table.lines[1] - table.lines[0] == 2)
    }

    @Test func quotedNamesKeepCommasQuotesAndLines() throws {
        let table = try read("\"a,b\",\"say \"\"x\"\"\",\"two\nlines\"\n1,2,3\n")
        #expect(table.columns == ["a,b", "say \"x\"", "two\nlines"])
        #expect(table.lines == [3])
    }

    @Test func numbersInTheFirstLineAreData() throws {
        let table = try read("1,2\n3,4\n")
        #expect(!table.hasHeader)
        #expect(table.columns == ["1", "2"])
        #expect(table.rowCount == 2)
        #expect(try table.index(ofColumn: "2") == 1)
    }

    @Test func textIsRefusedByColumnAndLine() {
        #expect(
            message("a,species\n1,2\n\n3,setosa\n")
                == "t.csv, line 4, column \"species\": \"setosa\" is no number, and text columns "
                + "are not read; remove the column, or write numbers in its place")
        for text in ["nan", "inf", "1e999", "0x10", "1 2", "--1", "1.2.3", "e5", "."] {
            #expect(
                message("a\n\(text)\n").hasPrefix("t.csv, line 2, column \"a\": \"\(text)\" is no"))
        }
    }

    @Test func everyMessageSaysWhere() {
        #expect(message("a,b\n1,2\n3\n").hasPrefix("t.csv, line 3: the row has 1 cells where 2"))
        #expect(message("a,b\n1,2,3\n").hasPrefix("t.csv, line 2: the row has 3 cells where 2"))
        #expect(message("a,b\n1,\n").hasPrefix("t.csv, line 2, column \"b\": the cell is empty"))
        #expect(message("a;b\n1;2\n").hasPrefix("t.csv, line 2: the cells are separated by semi"))
        #expect(message("a,b\n1,\"2\n").hasPrefix("t.csv, line 2: a quotation mark opens"))
        #expect(message("a,b\n1,\"2\"3\n").hasPrefix("t.csv, line 2: text follows"))
        #expect(message(" \n\n").hasPrefix("t.csv: the file holds no table"))
        #expect(message("a\0b\n").hasPrefix("t.csv: this is no text file"))
        #expect(message("a\n\"x\ny\"\n").contains("\"x\u{FFFD}y\" is no number"))
    }

    @Test func anUnknownColumnNamesTheNearest() throws {
        let table = try read("width,height,label\n1,2,3\n")
        let error = try #require(throws: DataFileError.self) { try table.index(ofColumn: "lable") }
        #expect(
            error.description == "t.csv: there is no column \"lable\"; did you mean \"label\"? "
                + "the columns are width, height, label")
        let far = try #require(throws: DataFileError.self) { try table.index(ofColumn: "class") }
        #expect(far.advice == "the columns are width, height, label")
        let twice = try read("a,a\n1,2\n")
        #expect(throws: DataFileError.self) { try twice.index(ofColumn: "a") }
    }

    @Test func numbersRoundAsLiteralsDo() {
        let texts = [
            "0.1", "1e22", "1e23", "123456789012345678", "9007199254740993",
            "2.2250738585072014e-308",
            "1.7976931348623157e308", "-0.0", "+7.", ".5", "3.14159265358979323846", "5e-324",
            "00000000000000000000000012", "0.000000000000000000000000000001",
        ]
        for text in texts {
            let bytes = Array(text.utf8)
            let expected = Double(text.hasSuffix(".") ? text + "0" : text)
            #expect(CSVNumber.parse(bytes, 0..<bytes.count) == expected, "\(text)")
        }
        #expect(CSVNumber.parse(Array("-0".utf8), 0..<2)?.sign == .minus)
    }

    @Test(.needsZlib) func readsFilesPackedOrNot() throws {
        // python3: gzip.compress(b"a,b\n1,2\n", mtime=0)
        let packed: [UInt8] = [
            31, 139, 8, 0, 0, 0, 0, 0, 2, 3, 75, 212, 73, 226, 50, 212, 49, 226, 2, 0, 123, 7,
            151, 10, 8, 0, 0, 0,
        ]
        try withTemporaryFile(packed) { path in
            let table = try CSVTable(readingFrom: path)
            #expect(table.values == [1, 2])
        }
        let missing = try #require(throws: DataFileError.self) {
            try CSVTable(readingFrom: "/nowhere/x.csv")
        }
        #expect(missing.description == "/nowhere/x.csv: there is no such file; check the path")
        #expect(throws: DataFileError.self) { try CSVTable(readingFrom: "/") }
    }
}
