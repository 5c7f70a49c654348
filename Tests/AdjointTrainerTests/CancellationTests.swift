import Adjoint
import Foundation
import Testing

/// A task that is cancelled leaves a state from which the run goes on.
@Suite struct CancellationTests {
    static func cancelThisTask() { withUnsafeCurrentTask { $0?.cancel() } }

    /// Runs `body` in a task of its own, which it may cancel.
    private func inTask(_ body: @escaping @Sendable () throws -> Void) async -> Result<
        Void, any Error
    > {
        await Task { try body() }.result
    }

    private static func full(_ bench: Workbench, _ callbacks: [any Callback] = []) -> Trainer {
        bench.trainer(clip: .value(0.1), ema: true, scheduled: true, callbacks: callbacks)
    }

    /// What a run that nothing interrupts ends with.
    private static func whole() throws -> (weights: [[Float]], history: History) {
        let bench = Workbench()
        let trainer = full(bench)
        try withGenerator(seed: 5) {
            _ = try trainer.fit(bench.loader, validation: bench.validation)
        }
        return (bench.weights, trainer.history)
    }

    /// Another process would do the same: new objects, and the file.
    private static func goOn(_ path: String) throws -> (
        step: Int, weights: [[Float]], history: History
    ) {
        let bench = Workbench()
        let trainer = full(bench)
        return try withGenerator(seed: 99) {
            try trainer.resume(from: path)
            let step = trainer.globalStep
            try trainer.fit(bench.loader, validation: bench.validation)
            return (step, bench.weights, trainer.history)
        }
    }

    // Six steps an epoch, three epochs: the first step, the middle of an epoch, the ends of one and
    // of the run.
    @Test(
        "a cancelled task leaves a checkpoint that goes on to the same bits",
        arguments: [1, 5, 6, 13, 18])
    func checkpoint(step: Int) async throws {
        let expected = try Self.whole()
        let folder = try TemporaryFolder()
        let result = await inTask {
            let bench = Workbench()
            let cancelling = LambdaCallback(onBatchEnd: {
                if $0.globalStep == step { Self.cancelThisTask() }
            })
            let log = CallLog()
            let trainer = Self.full(bench, [cancelling, ModelCheckpoint(folder.path), log])
            defer { #expect(log.calls.suffix(3) == ["step \(step)", "cancelled", "exception"]) }
            try withGenerator(seed: 5) {
                _ = try trainer.fit(bench.loader, validation: bench.validation)
            }
        }
        #expect(throws: CancellationError.self) { try result.get() }
        let found = try Self.goOn("\(folder.path)/last.safetensors")
        #expect(found.step == step && found.weights == expected.weights)
        #expect(found.history == expected.history)
    }

    @Test("the task that cancels need not be the one that trains")
    func fromOutside() async throws {
        let expected = try Self.whole()
        let folder = try TemporaryFolder()
        let (steps, report) = AsyncStream.makeStream(of: Int.self)
        let training = Task {
            let bench = Workbench()
            // Where nothing is cancelled it ends all the same, and the test with an error.
            let trainer = bench.trainer(
                maxEpochs: 3_000, clip: .value(0.1), ema: true, scheduled: true,
                callbacks: [
                    ModelCheckpoint(folder.path),
                    LambdaCallback(onBatchEnd: {
                        report.yield($0.globalStep)
                        // A busy machine may be slow to start the task that cancels.
                        if $0.globalStep > 4 { Thread.sleep(forTimeInterval: 0.01) }
                    }),
                ])
            try withGenerator(seed: 5) {
                _ = try trainer.fit(bench.loader, validation: bench.validation)
            }
        }
        for await step in steps where step == 4 { break }
        training.cancel()
        let result = await training.result
        #expect(throws: CancellationError.self) { try result.get() }
        let state = try TrainingState(from: "\(folder.path)/last.safetensors")
        let step = try #require(state.notes["trainer.step"].flatMap { Int($0) })
        #expect(step >= 4)
        // Wherever it was ended, it was within the run of the others if it was within its steps.
        if step < 18 {
            let found = try Self.goOn("\(folder.path)/last.safetensors")
            #expect(found.weights == expected.weights)
        }
    }

    @Test("a task that was cancelled before takes no step, and what it saves goes on from there")
    func beforeTheFirstStep() async throws {
        let expected = try Self.whole()
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/state.safetensors"
        let result = await inTask {
            let bench = Workbench()
            let trainer = Self.full(bench)
            let before = bench.weights
            Self.cancelThisTask()
            try withGenerator(seed: 5) {
                #expect(throws: CancellationError.self) { try trainer.fit(bench.loader) }
                try trainer.save(to: path)
            }
            #expect(bench.weights == before && trainer.globalStep == 0)
        }
        #expect(throws: Never.self) { try result.get() }
        let found = try Self.goOn(path)
        #expect(found.weights == expected.weights && found.history == expected.history)
    }

    @Test("cancelled in the middle of validation: the network is as training left it")
    func validation() async throws {
        /// Cancels its task when it sees the first batch.
        struct Cancelling: Metric {
            let value = 0.0
            func update(_ predictions: Tensor, _ targets: Tensor) {
                CancellationTests.cancelThisTask()
            }
            func reset() {}
        }
        let folder = try TemporaryFolder()
        let expected = try Self.whole()
        let result = await inTask {
            let bench = Workbench()
            let optimizer = Adam(bench.model.parameters(), learningRate: 0.05)
            let trainer = Trainer(
                bench.model, optimizer, maxEpochs: 3,
                schedule: .step(CosineAnnealingLR(optimizer, tMax: 30)), gradientClip: .value(0.1),
                ema: ExponentialMovingAverage(bench.model.parameters(), decay: 0.9),
                metrics: ["cancelling": Cancelling()], callbacks: [ModelCheckpoint(folder.path)],
                loss: { crossEntropy($0, $1) })
            defer {
                #expect(bench.model.isTraining && trainer.history.epochs.isEmpty)
                #expect(trainer.globalStep == 6)
                // On its own, validation is not cut short: 7 examples by threes.
                #expect(trainer.validate(bench.validation)["val_loss"]?.isFinite == true)
            }
            try withGenerator(seed: 5) {
                _ = try trainer.fit(bench.loader, validation: bench.validation)
            }
        }
        #expect(throws: CancellationError.self) { try result.get() }
        let found = try Self.goOn("\(folder.path)/last.safetensors")
        #expect(found.weights == expected.weights && found.history == expected.history)
    }

    @Test("a checkpoint that cannot be written is not passed over")
    func unwritable() async throws {
        let folder = try TemporaryFolder()
        let result = await inTask {
            let bench = Workbench()
            let checkpoint = ModelCheckpoint("\(folder.path)/a")
            let trainer = bench.trainer(callbacks: [
                checkpoint,
                LambdaCallback(onBatchEnd: { _ in
                    try FileManager.default.removeItem(atPath: checkpoint.folder)
                    Self.cancelThisTask()
                }),
            ])
            try trainer.fit(bench.loader)
        }
        #expect(throws: DataFileError.self) { try result.get() }
    }
}
