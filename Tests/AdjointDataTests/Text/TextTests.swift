import Adjoint
import Testing

@Suite struct TextTests {
    @Test func bytesComeBack() throws {
        let plain = ByteTokenizer()
        for text in ["", "abc", "naïve 日本 👩‍👩‍👧", "\0\r\n"] {
            #expect(plain.decode(plain.encode(text)) == text)
        }
        #expect(plain.count == 256 && plain.encode("é") == [0xC3, 0xA9])
        #expect(plain.decode([0xC3]) == "\u{FFFD}")
        let special = ByteTokenizer(special: ["<pad>", "<end>"])
        #expect(special.count == 258 && special.special == ["<pad>": 256, "<end>": 257])
        #expect(special.decode([104, 256, 105, 257]) == "hi")
        #expect(special.decode([104, 256], keepingSpecial: true) == "h<pad>")
        for bad in [-1, 258] {
            #expect(throws: TensorError.self) { try catchingTensorErrors { special.decode([bad]) } }
        }
    }

    @Test func charactersComeBack() throws {
        let text = "hello é e\u{301} 日\n"
        let tokens = CharacterTokenizer(vocabularyOf: text)
        #expect(
            try tokens.decode(tokens.encode(text)).unicodeScalars.elementsEqual(text.unicodeScalars)
        )
        #expect(tokens.vocabulary.prefix(3) == ["\n", " ", "e"] && tokens.count == 9)
        let error = #expect(throws: TokenizerError.self) { try tokens.encode("hex") }
        #expect(error?.description.contains("\"x\" (U+78) is not in the vocabulary of 9") == true)
        let padded = CharacterTokenizer(
            vocabularyOf: "abc", special: ["<pad>", "<unk>"], unknown: "<unk>")
        #expect(try padded.encode("cab!") == [4, 2, 3, 1])
        #expect(padded.decode([0, 4, 1, 2]) == "ca" && padded.special["<pad>"] == 0)
        #expect(padded.decode([0, 4], keepingSpecial: true) == "<pad>c")
        let again = CharacterTokenizer(
            vocabulary: padded.vocabulary, special: ["<pad>", "<unk>"], unknown: "<unk>")
        #expect(try again.encode("cab!") == [4, 2, 3, 1] && again.vocabulary == padded.vocabulary)
        let mistakes: [() -> CharacterTokenizer] = [
            { CharacterTokenizer(vocabularyOf: "a", special: ["x", "x"]) },
            { CharacterTokenizer(vocabularyOf: "a", unknown: "<unk>") },
            { CharacterTokenizer(vocabulary: ["a", "a"]) },
            { CharacterTokenizer(vocabulary: ["ab"]) },
            { CharacterTokenizer(vocabulary: ["a", "<pad>"], special: ["<pad>"]) },
        ]
        for make in mistakes {
            #expect(throws: TensorError.self) { try catchingTensorErrors { _ = make() } }
        }
    }

    @Test func windowsAreFollowedByWhatComesNext() throws {
        let windows = TokenWindows([1, 2, 3, 4, 5, 6, 7], length: 3)
        #expect(windows.count == 4)
        #expect(
            windows[3].0.array(as: Int.self) == [4, 5, 6]
                && windows[3].1.array(as: Int.self) == [5, 6, 7])
        let apart = TokenWindows([1, 2, 3, 4, 5, 6, 7], length: 2, stride: 3)
        let (x, y) = try apart.batch([1, 0])
        #expect(apart.count == 2 && x.nestedArray2D(as: Int.self) == [[4, 5], [1, 2]])
        #expect(y.nestedArray2D(as: Int.self) == [[5, 6], [2, 3]] && y.dtype == .int64)
        for (inputs, targets) in DataLoader(windows, batchSize: 4) {
            #expect((targets - inputs).array(as: Int.self) == [Int](repeating: 1, count: 12))
        }
        #expect(TokenWindows([1, 2, 3], length: 3).count == 0)
        #expect(TokenWindows([1, 2, 3, 4], length: 3).count == 1)
        for (length, stride) in [(0, 1), (1, 0)] {
            #expect(throws: TensorError.self) {
                try catchingTensorErrors {
                    _ = TokenWindows([1, 2], length: length, stride: stride)
                }
            }
        }
    }

    @Test func linesAreThoseOfTheFile() throws {
        func lines(_ bytes: [UInt8], keepsBlank: Bool = false) throws -> ([String], [Int]) {
            try withTemporaryFile(bytes) { path in
                let lines = try LinesDataset(path, keepsBlank: keepsBlank)
                return (try (0..<lines.count).map { try lines[$0] }, lines.numbers)
            }
        }
        let text = Array("\u{FEFF}emma\r\n\n  \nolivia\né 日".utf8)
        #expect(try lines(text) == (["emma", "olivia", "é 日"], [1, 4, 5]))
        #expect(try lines(text, keepsBlank: true).0 == ["emma", "", "  ", "olivia", "é 日"])
        #expect(try lines([]).0 == [] && lines(Array("a\n".utf8)).0 == ["a"])
        let error = problem { try lines([0x61, 0x0A, 0xFF, 0x0A]) }
        #expect(error.contains("line 2: the text is not valid UTF-8"))
        #expect(problem { try LinesDataset("/nowhere.txt") }.contains("no such file"))
    }

    @Test(.needsZlib) func packedLinesAreUnpacked() throws {
        // python3: gzip.compress(b"a,b\n1,2\n", mtime=0)
        let packed: [UInt8] = [
            31, 139, 8, 0, 0, 0, 0, 0, 2, 3, 75, 212, 73, 226, 50, 212, 49, 226, 2, 0, 123, 7,
            151, 10, 8, 0, 0, 0,
        ]
        try withTemporaryFile(packed) { path in
            let lines = try LinesDataset(path)
            #expect(try lines.count == 2 && lines[1] == "1,2")
        }
    }
}
