@_spi(Messages) import AdjointData
import AdjointTraining
import ArgumentParser

/// `adjoint train names` and `adjoint train burgers`.
extension TrainCommand {
    /// The program that was named; nil for the digits, and for data of one's own.
    var program: ExampleProgram? { name.flatMap(ExampleProgram.init) }

    /// Refuses a name that is none, and options that do not go with it.
    func checkName() throws {
        let names = ["digits"] + ExampleProgram.allCases.map(\.rawValue)
        guard let name else { return try checkSteps() }
        guard names.contains(name) else {
            if name.contains(where: { $0 == "." || $0 == "/" }) {
                throw ValidationError(
                    "'\(name)' is not among the things to train; a file of data is named with "
                        + "--data or --images")
            }
            let nearest = nearestName(to: name, among: names)
            throw ValidationError(
                "there is nothing called '\(name)' to train; "
                    + (nearest.map { "did you mean '\($0)'?" }
                        ?? "the names are \(names.joined(separator: ", "))"))
        }
        guard let program else {
            if let data = given.first(where: { $0 == "--data" || $0 == "--images" }) {
                throw ValidationError("'train digits' has data of its own and takes no \(data)")
            }
            return try checkSteps()
        }
        var unfit = ["--data", "--images", "--model", "--optimizer"]
        if program == .burgers { unfit += ["--epochs", "--batch-size"] }
        if let option = given.first(where: unfit.contains) {
            throw ValidationError(
                "'train \(name)' takes no \(option)"
                    + (option == "--epochs" ? "; it counts --steps" : ""))
        }
        if steps != nil, epochs != nil {
            throw ValidationError("--steps and --epochs exclude each other; give one of them")
        }
    }

    private func checkSteps() throws {
        if steps != nil {
            throw ValidationError(
                "--steps is for 'train names' and 'train burgers'; give --epochs here")
        }
    }

    /// Trains, and tells how it went.
    func run(_ program: ExampleProgram) throws {
        let configuration = ProgramConfiguration(
            program, steps: steps, epochs: epochs, learningRate: learningRate,
            batchSize: batchSize, seed: seed ?? 0)
        let run = try ProgramRun(configuration, output: output)
        if !json { StandardOutput.line(configuration.introduction) }
        let result = try run.train(json ? JSONReporter() : TextReporter())
        report(result, in: run.folder)
        if result.stoppedAfter != nil, let signal = Interruption.signal {
            throw Stopped(signal: signal)
        }
    }

    private func report(_ result: ProgramResult, in folder: RunFolder) {
        guard !json else {
            let event = JSONLine(
                [("event", .text(result.stoppedAfter == nil ? "done" : "stopped"))]
                    + result.members
                    + [("seconds", .number(result.seconds)), ("output", .text(folder.path))])
            return StandardOutput.line(event.description)
        }
        let time = String(Double(Int(result.seconds * 10)) / 10)
        let ending =
            result.stoppedAfter.map { "Stopped after \($0) steps and \(time) s" }
            ?? "Done after \(time) s of training"
        StandardOutput.line("\(ending): \(result.summary)")
        StandardOutput.line("")
        result.details(.ofStandardOutput()).forEach(StandardOutput.line)
        StandardOutput.line("")
        StandardOutput.line(
            "Saved in \(folder.path): "
                + result.files.map(\.rawValue).joined(separator: ", "))
    }
}
