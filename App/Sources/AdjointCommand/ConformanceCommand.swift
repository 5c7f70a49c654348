import AdjointConformance
import AdjointTraining
import ArgumentParser
import Foundation

/// `adjoint conformance`.
struct ConformanceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "conformance",
        abstract: "Replay calls that PyTorch recorded, and compare what comes out.",
        discussion: """
            Each line of the input is a JSON object: an operator, its arguments, and the values \
            and derivatives that PyTorch computed. The exit status is 0 if nothing failed.
            """)

    @Argument(help: "A folder of .jsonl files, a file, or - for standard input.")
    var path: String

    @Flag(help: "Also replay each case with strided inputs, and in float32.")
    var strict = false

    @Flag(help: "Print JSON: a line an operator, then the totals.")
    var json = false

    func run() throws {
        var conformance = Conformance(strict: strict)
        if path == "-" {
            conformance.replay(FileHandle.standardInput.readDataToEndOfFile(), named: "stdin")
        } else {
            try conformance.replay(path: path)
        }
        let report = conformance.report
        for entry in report.operators {
            StandardOutput.line(json ? line(entry).description : entry.text)
        }
        StandardOutput.line(json ? totals(report).description : report.summary)
        if report.failed > 0 { throw ExitCode.failure }
    }

    private func line(_ entry: OperatorReport) -> JSONLine {
        JSONLine([
            ("operator", .text(entry.name)), ("passed", .integer(entry.passed)),
            ("failed", .integer(entry.failed)), ("skipped", .integer(entry.skipped)),
            ("messages", .list(entry.messages.map { .text($0) })),
        ])
    }

    private func totals(_ report: ConformanceReport) -> JSONLine {
        JSONLine([
            ("passed", .integer(report.passed)), ("failed", .integer(report.failed)),
            ("skipped", .integer(report.skipped)),
        ])
    }
}
