import Testing

@testable import AdjointTraining

private let ascii = TerminalCapabilities(width: 80)
private let unicode = TerminalCapabilities(width: 80, unicode: true)
private let colorful = TerminalCapabilities(width: 80, color: true, unicode: true)

/// `text` as it stands on the screen: without the sequences that change colours.
private func visible(_ text: String) -> String {
    text.replacing(#/\u{1B}\[[0-9;]*m/#, with: "")
}

@Suite struct TerminalCapabilitiesTests {
    private func capabilities(_ environment: [String: String], terminal: Bool = true)
        -> TerminalCapabilities
    {
        TerminalCapabilities(environment: environment, isTerminal: terminal)
    }

    @Test func followTheEnvironment() {
        let plain = capabilities(["LANG": "en_US.UTF-8", "TERM": "xterm"])
        #expect(plain.color && plain.unicode && plain.animates && plain.width == 80)
        #expect(!capabilities(["NO_COLOR": "1"]).color)
        #expect(capabilities(["NO_COLOR": ""]).color)
        #expect(capabilities(["NO_COLOR": "1"]).animates)
        let dumb = capabilities(["TERM": "dumb"])
        #expect(!dumb.color && !dumb.animates)
        let pipe = capabilities([:], terminal: false)
        #expect(!pipe.color && !pipe.animates)
        #expect(capabilities(["CLICOLOR_FORCE": "1"], terminal: false).color)
        #expect(!capabilities(["CLICOLOR_FORCE": "1", "NO_COLOR": "1"], terminal: false).color)
        #expect(!capabilities(["CI": "true"]).animates)
        #expect(!capabilities(["LC_ALL": "C", "LANG": "en_US.UTF-8"]).unicode)
        #expect(capabilities(["COLUMNS": "52"]).width == 52)
        #expect(capabilities(["COLUMNS": "3"]).width == 20)
    }
}

@Suite struct SparklineTests {
    @Test func spansTheLevels() {
        #expect(Sparkline.draw([0, 1, 2, 3, 4, 5, 6, 7], width: 8, unicode: true) == "▁▂▃▄▅▆▇█")
        #expect(Sparkline.draw([7, 0], width: 8, unicode: false) == "@.")
        #expect(Sparkline.draw([2, 2], width: 8, unicode: true) == "▁▁")
        #expect(Sparkline.draw([], width: 8, unicode: true) == "")
        #expect(Sparkline.draw([1], width: 0, unicode: true) == "")
    }

    @Test func losesNoSpikeAndNoMissingNumber() {
        var values = [Double](repeating: 1, count: 100)
        values[41] = 9
        #expect(Sparkline.draw(values, width: 10, unicode: true).filter { $0 == "█" }.count == 1)
        values[77] = .nan
        #expect(Sparkline.draw(values, width: 10, unicode: true).contains("×"))
        #expect(Sparkline.draw([.infinity, 1, -.infinity], width: 3, unicode: true) == "↑▁↓")
    }
}

@Suite struct NumberTextTests {
    @Test(arguments: [
        (0.03124, "0.0312"), (2.3026, "2.303"), (0.99999, "1.000"), (99.9999, "100.0"),
        (123456, "1.23e5"), (0.0000012, "1.20e-6"), (0, "0.0000"), (.nan, "nan"),
        (.infinity, "inf"),
    ])
    func losses(value: Double, text: String) { #expect(NumberText.loss(value) == text) }

    @Test func othersReadWell() {
        #expect(NumberText.percent(0.98914) == "98.9%")
        #expect(NumberText.percent(0.9999) == "99.9%")
        #expect(NumberText.percent(1) == "100.0%")
        #expect(NumberText.percent(0.997, 0) == "99%")
        #expect(
            [0, 950, 1000, 9960, 12_345, 3e6].map(NumberText.short)
                == ["0", "950", "1.0k", "10k", "12k", "3.0M"])
        #expect([0, 7.4, 75, 3723].map(NumberText.clock) == ["0:00", "0:07", "1:15", "1:02:03"])
        #expect(NumberText.clock(.infinity) == "-:--")
        #expect(NumberText.fixed(-0.001, 2) == "0.00")
        #expect(NumberText.fixed(-1.005, 0) == "-1")
    }
}

@Suite struct ProgressLineTests {
    private var line: ProgressLine {
        var line = ProgressLine()
        line.epoch = 12
        line.epochs = 30
        line.step = 270
        line.steps = 690
        line.losses = [2.3, 1.1, 0.6, 0.4, 0.2, 0.3, 0.1]
        line.accuracy = 0.989
        line.examplesPerSecond = 12_300
        line.secondsLeft = 3.2
        return line
    }

    @Test func saysEverythingWhereThereIsRoom() {
        #expect(
            line.draw(TerminalCapabilities(width: 100, unicode: true))
                == "epoch 12/30  ━━━━━━━━━───────────────  loss 0.1000 █▄▂▂▁▁▁  accuracy 98.9%  12k/s  0:03 left"
        )
        #expect(
            line.draw(ascii)
                == "epoch 12/30  ####-------  loss 0.1000 @=::...  accuracy 98.9%  12k/s  0:03 left"
        )
        #expect(visible(line.draw(colorful)) == line.draw(unicode))
        #expect(line.draw(colorful) != line.draw(unicode))
    }

    @Test func fitsEveryWidthAndNeverFillsTheLine() {
        for width in 1...140 {
            let terminal = TerminalCapabilities(width: width, color: true, unicode: true)
            let text = visible(line.draw(terminal))
            #expect(text.count < terminal.width, "\(width)")
            if width >= 40 {
                #expect(text.contains("12/30") && text.contains("0.1000"), "\(width)")
            }
        }
    }

    @Test func stepsAndMeasurementsTakeThePlaces() {
        var line = line
        line.noun = "step"
        line.measured = "error 3.1%"
        #expect(
            line.draw(ascii)
                == "step 12/30  ######----------  loss 0.1000 @=::...  error 3.1%  12k/s  0:03 left"
        )
    }

    @Test func nothingIsKnownAtTheStart() {
        let text = ProgressLine().draw(ascii)
        #expect(text.contains("epoch 1/1") && text.contains("loss -") && text.contains("-:-- left"))
    }
}

@Suite struct LiveLineTests {
    @Test func drawsTenTimesASecondAtMostAndLeavesACleanLine() {
        var time = 0.0
        var written: [String] = []
        let line = LiveLine(write: { written.append($0) }, now: { time })
        line.close()
        #expect(written.isEmpty)
        for _ in 0..<100 {
            line.update { "at \(Int(time * 100))" }
            time += 0.01
        }
        #expect(written.count == 10)
        #expect(written[0] == "\r\u{1B}[?25lat 0\u{1B}[K")
        line.close()
        line.close()
        #expect(written.count == 11)
        #expect(written[10] == "\r\u{1B}[K\u{1B}[?25h")
    }
}
