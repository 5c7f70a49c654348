import Testing

@testable import AdjointTraining

private func visible(_ text: String) -> String {
    text.replacing(#/\u{1B}\[[0-9;]*m/#, with: "")
}

@Suite struct ConfusionMatrixTests {
    private let matrix = ConfusionMatrix(
        truth: [0, 0, 0, 1, 1, 2], predictions: [0, 0, 1, 1, 2, 2], classNames: ["a", "b", "c"])

    @Test func countsPairs() {
        #expect(matrix.counts == [[2, 1, 0], [0, 1, 1], [0, 0, 1]])
        #expect(matrix.accuracy == 4.0 / 6)
    }

    @Test func isATable() {
        #expect(
            matrix.draw(TerminalCapabilities(width: 80)) == [
                " true  a b c  predicted", "    a  2 1 .", "    b  . 1 1", "    c  . . 1",
            ])
        let colored = matrix.draw(TerminalCapabilities(width: 80, color: true, unicode: true))
        #expect(visible(colored[1]) == "    a  2 1 ·")
        #expect(colored[1].contains("\u{1B}[31m 1"))
    }

    @Test func namesTheConfusionsWhereATableHasNoRoom() {
        let names = (0..<30).map { "class\($0)" }
        let truth = [3, 3, 4, 7], predictions = [5, 5, 4, 3]
        let matrix = ConfusionMatrix(truth: truth, predictions: predictions, classNames: names)
        let lines = matrix.draw(TerminalCapabilities(width: 40))
        #expect(lines == ["    2 x class3 -> class5", "    1 x class7 -> class3"])
    }

    @Test func fitsEveryWidth() {
        let names = (0..<10).map(String.init)
        let matrix = ConfusionMatrix(
            truth: Array(0..<10), predictions: Array(0..<10), classNames: names)
        for width in 20...60 {
            for color in [false, true] {
                let lines = matrix.draw(TerminalCapabilities(width: width, color: color))
                #expect(lines.allSatisfy { visible($0).count < width }, "\(width)")
            }
        }
    }
}

@Suite struct ImagePictureTests {
    private let ramp: [Float] = [0, 1, 2, 3, 4, 8, 12, 16]

    @Test func smallImagesGetTwoCellsAPixel() {
        let plain = ImagePicture(ramp, shape: [1, 2, 4], terminal: .init(unicode: true))
        #expect(plain.width == 8)
        #expect(plain.lines == ["        ", "░░▒▒▓▓██"])
        let ascii = ImagePicture(ramp, shape: [1, 2, 4], terminal: .init())
        #expect(ascii.lines[1] == "::++##@@")
        let colored = ImagePicture(ramp, shape: [1, 2, 4], terminal: .init(color: true))
        #expect(colored.lines[0].hasPrefix("\u{1B}[48;5;232m  "))
        #expect(colored.lines[1].hasSuffix("\u{1B}[48;5;255m  \u{1B}[0m"))
    }

    @Test func everyImageKeepsItsStatedWidth() {
        for (height, width) in [(1, 1), (8, 8), (28, 28), (13, 40), (64, 64), (100, 30)] {
            let values = (0..<(3 * height * width)).map { Float($0 % 7) }
            for color in [false, true] {
                for unicode in [false, true] {
                    let terminal = TerminalCapabilities(color: color, unicode: unicode)
                    let picture = ImagePicture(
                        values, shape: [3, height, width], terminal: terminal)
                    #expect(picture.width <= 32)
                    #expect(picture.lines.allSatisfy { visible($0).count == picture.width })
                }
            }
        }
    }

    @Test func aLargeColorImageIsHalfBlocks() {
        let values = [Float](repeating: 0, count: 14) + [Float](repeating: 1, count: 14)
        let picture = ImagePicture(
            values, shape: [1, 2, 14], terminal: .init(color: true, unicode: true))
        #expect(picture.lines.count == 1)
        #expect(picture.lines[0].hasPrefix("\u{1B}[38;5;232m\u{1B}[48;5;255m▀"))
    }
}

@Suite struct MistakesTests {
    @Test func theMostConfidentComeFirst() {
        let mistakes = Mistakes(
            truth: [0, 1, 2, 0], predictions: [0, 2, 1, 1], probabilities: [0.9, 0.6, 0.8, 0.6],
            limit: 2)
        #expect(mistakes.total == 3)
        #expect(mistakes.worst.map(\.example) == [2, 1])
    }

    @Test func picturesStandSideBySideWithinTheWidth() {
        let digits = Digits.load().selecting(Array(0..<6))
        let mistakes = Mistakes(
            truth: digits.labels, predictions: digits.labels.map { ($0 + 1) % 10 },
            probabilities: [0.5, 0.6, 0.7, 0.8, 0.9, 1])
        for width in 20...120 {
            for color in [false, true] {
                let terminal = TerminalCapabilities(width: width, color: color, unicode: true)
                let lines = mistakes.draw(digits, terminal: terminal)
                #expect(lines.allSatisfy { visible($0).count < width }, "\(width)")
                #expect(lines[0].hasPrefix("5 → 6  100%"))
            }
        }
    }

    @Test func rowsOfATableAreNamed() {
        let table = ExampleSet(
            features: [1, 2], shape: [1], labels: [0, 1], classNames: ["0", "7"], columnNames: ["x"]
        )
        let mistakes = Mistakes(truth: [0, 1], predictions: [0, 0], probabilities: [1, 0.75])
        #expect(mistakes.draw(table, terminal: .init()) == ["example 2: 7 taken for 0 (75%)"])
    }
}
