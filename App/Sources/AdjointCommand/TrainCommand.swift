public import AdjointTraining
public import ArgumentParser

extension ModelKind: ExpressibleByArgument {}
extension OptimizerKind: ExpressibleByArgument {}

/// `adjoint train`.
struct TrainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train",
        abstract: "Train a network on the digits that come along, or on data of your own.",
        discussion: """
            One example in five is held out to measure what was learned. Ctrl-C finishes the step, \
            saves, and prints the command that goes on.

            'train names' trains a transformer that invents names, 'train burgers' a network that \
            solves an equation of flow. They count --steps, and Ctrl-C ends them early.
            """)

    @Argument(help: ArgumentHelp("digits (the default), names or burgers.", valueName: "name"))
    var name: String?

    @OptionGroup(title: "Data") var data: DataOptions

    @Option(help: "The kind of network; cnn for images and mlp for tables if not given.")
    var model: ModelKind?

    @Option(parsing: .unconditional, help: "How often every example is learned from.")
    var epochs: Int?

    @Option(parsing: .unconditional, help: "How many steps, for names and burgers.")
    var steps: Int?

    @Option(parsing: .unconditional, help: "Examples in a step. (default: 64)")
    var batchSize: Int?

    @Option(parsing: .unconditional, help: "The highest learning rate of the schedule.")
    var learningRate: Double?

    @Option(help: "The optimiser. (default: adamw)")
    var optimizer: OptimizerKind?

    @Option(parsing: .unconditional, help: "What all that is random is drawn from. (default: 0)")
    var seed: Int?

    @Option(
        help: ArgumentHelp(
            "The new folder for the results. (default: runs/NAME)", valueName: "folder"))
    var output: String?

    @Option(help: ArgumentHelp("Go on with the stopped run in this folder.", valueName: "folder"))
    var resume: String?

    @Flag(
        help: "Print one JSON object a line: an event a measurement, and last the outcome.")
    var json = false

    @Flag(help: "Show the run in the browser while it goes: the address is printed first.")
    var studio = false

    func validate() throws {
        let others = given.filter { $0 != "--resume" }
        if resume != nil, let other = others.first {
            throw ValidationError("--resume goes on as the run began and takes no \(other)")
        }
        try data.validate()
        // What has a name has data of its own, and says so in `checkName`.
        if name == nil { try data.requireLabels() }
        for (option, number) in [
            ("--epochs", epochs), ("--steps", steps), ("--batch-size", batchSize),
        ] {
            if let number, !(1...1_000_000).contains(number) {
                throw ValidationError(
                    "\(option) is \(number); give a whole number from 1 to 1000000")
            }
        }
        if let learningRate, !(learningRate > 0 && learningRate.isFinite) {
            throw ValidationError("--learning-rate is \(learningRate); give a number above 0")
        }
        if output == "" {
            throw ValidationError("--output is empty; give the name of a new folder")
        }
    }

    /// The options that were given, `--json` aside.
    var given: [String] {
        let all: [(String, Any?)] = [
            ("name", name), ("--data", data.data), ("--images", data.images), ("--model", model),
            ("--epochs", epochs), ("--steps", steps), ("--batch-size", batchSize),
            ("--learning-rate", learningRate), ("--optimizer", optimizer), ("--seed", seed),
            ("--output", output), ("--resume", resume),
        ]
        return all.filter { $0.1 != nil }.map(\.0)
    }

    func run() throws {
        // Not in `validate`, which comes before the parser's word on options it does not know.
        try checkName()
        Interruption.listen()
        if let program { return try run(program) }
        let run =
            try resume.map { try TrainingRun(resuming: $0) } ?? TrainingRun(request, output: output)
        let watch = studio ? try RunningStudio(showing: run.folder.path) : nil
        if let watch {
            let event = JSONLine([("event", .text("studio")), ("address", .text(watch.address))])
            StandardOutput.line(json ? event.description : "Watch it at \(watch.address)")
        }
        if !json {
            let (training, heldOut) = run.counts
            StandardOutput.line(
                "Training a network (\(run.configuration.model)) on \(training) examples of "
                    + "\(run.configuration.source.shortName), \(heldOut) held out, seed "
                    + "\(run.configuration.seed)")
        }
        let reporter: any TrainingReporter = json ? JSONReporter() : TextReporter()
        switch try run.train(reporter, isTraced: studio) {
        case .finished(let result): report(result, run)
        case .stopped(let epoch, let step): throw stopped(run, epoch: epoch, step: step)
        }
    }

    private var request: TrainingRequest {
        var request = TrainingRequest()
        request.source = data.source ?? .digits
        request.model = model
        request.optimizer = optimizer
        request.epochs = epochs
        request.batchSize = batchSize
        request.learningRate = learningRate
        request.seed = seed ?? 0
        return request
    }

    private func report(_ result: TrainingResult, _ run: TrainingRun) {
        let evaluation = Evaluation(result.heldOut, result.predictions)
        guard !json else {
            let event = JSONLine(
                [("event", .text("done"))] + evaluation.members
                    + [("seconds", .number(result.seconds)), ("output", .text(run.folder.path))])
            return StandardOutput.line(event.description)
        }
        let time = String(Double(Int(result.seconds * 10)) / 10)
        StandardOutput.line(
            "Done after \(time) s of training: \(evaluation.summary(of: "held-out examples"))")
        StandardOutput.line("")
        evaluation.details(.ofStandardOutput()).forEach(StandardOutput.line)
        StandardOutput.line("")
        let path = run.folder.path
        StandardOutput.line(
            "Saved in \(path): " + RunFolder.File.results.map(\.rawValue).joined(separator: ", "))
        StandardOutput.line("Use it: \(caller) predict \(shellWord(path)) --help")
    }

    /// Says how to go on; the error ends the process as the signal would have.
    private func stopped(_ run: TrainingRun, epoch: Int, step: Int) -> Stopped {
        let command =
            "\(caller) train --resume \(shellWord(run.folder.path))" + (json ? " --json" : "")
        if json {
            let event = JSONLine([
                ("event", .text("stopped")), ("epoch", .integer(epoch)), ("step", .integer(step)),
                ("output", .text(run.folder.path)), ("resume", .text(command)),
            ])
            StandardOutput.line(event.description)
        } else {
            StandardOutput.line(
                "Stopped in epoch \(epoch + 1) after \(step) steps, and saved. To go on:")
            StandardOutput.line("  \(command)")
        }
        return Stopped(signal: Interruption.signal ?? 2)
    }

    /// How this process was called, so that what is printed can be pasted.
    private var caller: String { shellWord(CommandLine.arguments.first ?? "adjoint") }
}
