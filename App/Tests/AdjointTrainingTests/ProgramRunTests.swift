import AdjointData
import AdjointExamples
import Foundation
import Testing

@testable import AdjointTraining

#if canImport(FoundationXML)
    import FoundationXML
#endif

private final class Notes: ProgramReporter {
    var lines: [ProgressLine] = []
    var rows: [StepMetrics] = []
    var isEnded = false
    func progressed(_ progress: ProgressLine) { lines.append(progress) }
    func measured(
        _ metrics: StepMetrics, of configuration: ProgramConfiguration, _ progress: ProgressLine
    ) {
        rows.append(metrics)
    }
    func progressEnded() { isEnded = true }
}

@Suite(.serialized) struct ProgramRunTests {
    private func files(_ folder: RunFolder) throws -> [String: Data] {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        return try Dictionary(
            uniqueKeysWithValues: names.map {
                ($0, try Data(contentsOf: URL(fileURLWithPath: "\(folder.path)/\($0)")))
            })
    }

    @Test(arguments: ExampleProgram.allCases)
    func leavesTheSameFilesEachTime(program: ExampleProgram) throws {
        try withFiles { path in
            let configuration = ProgramConfiguration(program, steps: 4, batchSize: 40, seed: 5)
            var all: [[String: Data]] = []
            for parent in ["a", "b"] {
                let run = try ProgramRun(configuration, output: path("\(parent)/run"))
                let notes = Notes()
                let result = try run.train(notes, shouldStop: { false })
                #expect(result.stoppedAfter == nil && result.metrics.map(\.step) == [1, 2, 3, 4])
                #expect(notes.isEnded && notes.rows == Array(result.metrics.dropLast()))
                #expect(notes.lines.map(\.step) == [1, 2, 3, 4])
                #expect(notes.lines.allSatisfy { $0.noun == "step" && $0.epochs == 4 })
                #expect(
                    try run.folder.read(ProgramConfiguration.self, from: .configuration)
                        == configuration)
                all.append(try files(run.folder))
                #expect(Set(all[0].keys) == Set(result.files.map(\.rawValue)))
                let state = try load(from: run.folder.path(of: .model))
                #expect(state.count > 8)
            }
            #expect(all[0] == all[1])
            for (name, data) in all[0] where name.hasSuffix(".svg") {
                #expect(XMLParser(data: data).parse(), "\(name)")
            }
            let csv = String(decoding: try #require(all[0]["metrics.csv"]), as: UTF8.self)
            #expect(csv.hasPrefix("step,train_loss,\(program.measure.column)\n1,"))
            #expect(csv.split(separator: "\n").count == 5)
        }
    }

    @Test func aStoppedRunKeepsWhatItLearned() throws {
        try withFiles { path in
            let run = try ProgramRun(
                ProgramConfiguration(.names, steps: 60, batchSize: 8), output: path("run"))
            let notes = Notes()
            let result = try run.train(notes, shouldStop: { notes.lines.count >= 4 })
            #expect(result.stoppedAfter == 4)
            #expect(result.metrics.map(\.step) == [3, 4])
            #expect(result.measured > 2 && result.measured < 3.5)
            #expect(run.folder.holds(.model) && run.folder.holds(.samples))
        }
    }

    @Test func aLossThatIsNoNumberEndsTheRun() throws {
        try withFiles { path in
            let run = try ProgramRun(
                ProgramConfiguration(.names, steps: 50, learningRate: 1e30, batchSize: 8),
                output: path("run"))
            let error = try #require(throws: RunError.self) { try run.train(Notes()) }
            #expect(error.description.contains("lower --learning-rate, which is 1e+30 now"))
            #expect(!FileManager.default.fileExists(atPath: path("run")))
        }
    }

    @Test func epochsOfNamesAreSteps() {
        let configuration = ProgramConfiguration(.names, epochs: 3, batchSize: 100)
        #expect(configuration.steps == 3 * 46)
        #expect(ProgramConfiguration(.names).defaultName == "names-seed0")
        #expect(ProgramConfiguration(.burgers, seed: 7).defaultName == "burgers-seed7")
    }

    @Test func aModelOfAProgramTellsNoClasses() throws {
        try withFiles { path in
            let run = try ProgramRun(
                ProgramConfiguration(.burgers, steps: 2, batchSize: 8), output: path("run"))
            _ = try run.train(Notes())
            let error = try #require(throws: RunError.self) { try SavedModel(path("run")) }
            #expect(error.description.contains("'adjoint train burgers', which tells no classes"))
        }
    }

    @Test func namesFitTheTerminal() {
        let result = ProgramResult(
            configuration: ProgramConfiguration(.names, steps: 9),
            outcome: .names(["emma", "zzyx", "christopher", "al", "brunhild"]),
            metrics: [1, 9].map { StepMetrics(step: $0, trainLoss: 3, measured: 4 / Double($0)) },
            seconds: 1)
        for width in 20...100 {
            for line in result.details(TerminalCapabilities(width: width)).dropFirst(2) {
                #expect(line.count < width)
            }
        }
        let lines = result.details(TerminalCapabilities(width: 80))
        #expect(lines[0] == "from 4.000 @. to 0.4444")
        #expect(lines[2] == "5 invented names; * marks the 3 that are in the list too:")
        #expect(lines[3] == "  emma*         zzyx          christopher*  al*           brunhild")
    }
}

@Suite struct FieldPictureTests {
    private func visible(_ text: String) -> String {
        text.replacing(#/\u{1B}\[[0-9;]*m/#, with: "")
    }

    @Test func fitsEveryWidthInEveryTerminal() {
        for width in 20...120 {
            for (color, unicode) in [(false, false), (false, true), (true, false), (true, true)] {
                let terminal = TerminalCapabilities(width: width, color: color, unicode: unicode)
                let picture = FieldPicture(terminal) { t, count in
                    (0..<count).map { Double($0) / Double(count) * 2 - 1 + t }
                }
                #expect(picture.lines.allSatisfy { visible($0).count < width })
                #expect(Set(picture.lines.dropLast().map { visible($0).count }).count == 1)
                if !color { #expect(picture.lines.allSatisfy { !$0.contains("\u{1B}") }) }
                if !unicode { #expect(picture.lines.joined().utf8.allSatisfy { $0 < 128 }) }
            }
        }
    }

    @Test func xPointsUpAndTToTheRight() {
        let terminal = TerminalCapabilities(width: 26)
        let up = FieldPicture(terminal) { _, count in
            (0..<count).map { 2 * Double($0) / Double(count - 1) - 1 }
        }
        #expect(up.lines[0] == "x 1 " + String(repeating: "@", count: 21))
        #expect(up.lines[6] == " -1 " + String(repeating: " ", count: 21))
        #expect(up.lines[7] == " t 0" + String(repeating: " ", count: 20) + "1")
        let right = FieldPicture(terminal) { t, count in Array(repeating: 2 * t - 1, count: count) }
        #expect(right.lines[3].hasPrefix("  0   ") && right.lines[3].hasSuffix("@@"))
        let wild = FieldPicture(terminal) { _, count in Array(repeating: .nan, count: count) }
        #expect(wild.lines[1] == "    " + String(repeating: "?", count: 21))
        let beyond = FieldPicture(terminal) { t, count in Array(repeating: 1e300, count: count) }
        #expect(beyond.lines[1] == "    " + String(repeating: "@", count: 21))
    }
}
