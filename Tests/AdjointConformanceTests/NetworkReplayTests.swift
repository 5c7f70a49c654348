import AdjointConformance
import Foundation
import Testing

/// Runs of PyTorch's optimisers and schedules, and what a replay must see.
@Suite struct NetworkReplayTests {
    private static func fixture(_ name: String) -> String {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("Fixtures/networks/\(name)").path
    }

    private static func lines(_ name: String) -> [String] {
        let text = try? String(contentsOfFile: fixture(name), encoding: .utf8)
        return text?.split(separator: "\n").map(String.init) ?? []
    }

    private func replay(_ line: String) -> ConformanceReport {
        var conformance = Conformance()
        conformance.replay(Data(line.utf8), named: "test")
        return conformance.report
    }

    @Test("what was recorded is replayed", arguments: ["optim.jsonl", "schedulers.jsonl"])
    func recorded(_ name: String) throws {
        var conformance = Conformance()
        try conformance.replay(path: Self.fixture(name))
        let report = conformance.report
        for failed in report.operators where failed.failed > 0 {
            Issue.record("\(failed.text)")
        }
        #expect(report.passed == Self.lines(name).count && report.passed > 10)
    }

    /// A line with one piece of its text replaced, which must not pass.
    struct Broken: CustomTestStringConvertible, Sendable {
        let file: String
        let start: String
        let piece: String
        let other: String
        let message: String
        var testDescription: String { "\(start): \(other)" }
    }

    static let broken = [
        Broken(
            file: "optim.jsonl", start: "{\"optimizer\":\"SGD\",\"options\":{\"lr\":0.1}",
            piece: "\"lr\":0.1", other: "\"lr\":0.1001", message: "parameter 0"),
        Broken(
            file: "optim.jsonl", start: "{\"optimizer\":\"SGD\",\"options\":{\"lr\":0.1}",
            piece: "\"lr\":0.1", other: "\"lr\":0.1,\"speed\":1", message: "does not take speed"),
        Broken(
            file: "optim.jsonl", start: "{\"optimizer\":\"Adam\"", piece: "\"Adam\"",
            other: "\"Adamant\"", message: "no such optimiser"),
        Broken(
            file: "optim.jsonl", start: "{\"optimizer\":\"Adam\"", piece: "\"loss\":\"sum",
            other: "\"loss\":\"product", message: "not understood"),
        Broken(
            file: "optim.jsonl", start: "{\"optimizer\":\"Adam\"", piece: "\"loss\":\"sum",
            other: "\"loss\":\"2 * sum", message: "loss is"),
        Broken(
            file: "schedulers.jsonl", start: "{\"scheduler\":\"StepLR\"",
            piece: "\"gamma\":0.5", other: "\"gamma\":0.6", message: "rate 3 is"),
        Broken(
            file: "schedulers.jsonl", start: "{\"scheduler\":\"StepLR\"",
            piece: "\"gamma\":0.5", other: "\"gamma\":0.5,\"delta\":1",
            message: "does not take delta"),
        Broken(
            file: "schedulers.jsonl", start: "{\"scheduler\":\"StepLR\"", piece: "StepLR",
            other: "StairLR", message: "no schedule 'StairLR'"),
        Broken(
            file: "schedulers.jsonl", start: "{\"scheduler\":\"SequentialLR\"",
            piece: "LinearLR(0.1, 1.0, 4)", other: "LinearLR(0.1, 1.0, speed=4)",
            message: "does not take speed"),
    ]

    @Test("what is wrong fails, and is named", arguments: broken)
    func wrong(_ broken: Broken) throws {
        let lines = Self.lines(broken.file).map {
            $0.replacing("\": ", with: "\":").replacing(", \"", with: ",\"")
        }
        let line = try #require(lines.first { $0.hasPrefix(broken.start) })
        #expect(line.contains(broken.piece))
        let report = replay(line.replacing(broken.piece, with: broken.other))
        #expect(report.summary == "0 passed, 1 failed, 0 skipped")
        let message = report.operators.first?.messages.first ?? ""
        #expect(message.contains(broken.message), "\(message)")
    }

    @Test("functions and combinations are read as Python writes them")
    func functions() {
        let report = replay(
            """
            {"scheduler": "LambdaLR", "base_lr": 0.5, "options": {"lr_lambda": "lambda e: 0.5 ** e"}, "lrs": [0.5, 0.25, 0.125]}
            {"scheduler": "MultiplicativeLR", "base_lr": 0.5, "options": {"lr_lambda": "lambda e: 1 / (1 + e)"}, "lrs": [0.5, 0.25, 0.083333333333333]}
            {"scheduler": "ChainedScheduler", "base_lr": 1, "options": {"of": ["ConstantLR(0.1, total_iters=2)", "ExponentialLR(0.9)"]}, "lrs": [0.1, 0.09, 0.81, 0.729]}
            """)
        #expect(report.summary == "3 passed, 0 failed, 0 skipped", "\(report.operators)")
    }
}
