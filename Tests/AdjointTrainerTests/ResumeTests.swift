import Adjoint
import Testing

@Suite struct ResumeTests {
    /// The whole run, and one that was saved after `step` steps and gone on with by other objects.
    private func compare(afterStep step: Int, accumulate: Int, plain: Bool) throws {
        func fit(_ trainer: Trainer, _ bench: Workbench) throws {
            if plain {
                try trainer.fit(PlainBatches(loader: bench.loader), validation: bench.validation)
            } else {
                try trainer.fit(bench.loader, validation: bench.validation)
            }
        }
        func trainer(_ bench: Workbench) -> Trainer {
            bench.trainer(accumulate: accumulate, clip: .value(0.1), ema: true, scheduled: true)
        }
        try withTemporaryFolder { folder in
            let path = "\(folder)/state.safetensors"
            let whole = Workbench()
            let first = trainer(whole)
            first.callbacks = [
                LambdaCallback(onBatchEnd: { if $0.globalStep == step { try $0.save(to: path) } })
            ]
            try withGenerator(seed: 5) { try fit(first, whole) }
            let resumed = Workbench()
            let second = trainer(resumed)
            try withGenerator(seed: 99) {
                try second.resume(from: path)
                #expect(second.globalStep == step)
                _ = Tensor.randn(3)
                try fit(second, resumed)
            }
            #expect(resumed.weights == whole.weights)
            #expect(second.history == first.history)
            #expect(second.history.epochs.count == 3 && second.globalStep == first.globalStep)
            #expect(
                second.ema!.averages.map { $0.array(as: Float.self) }
                    == first.ema!.averages.map { $0.array(as: Float.self) })
            #expect(second.optimizer.learningRate == first.optimizer.learningRate)
        }
    }

    @Test("a resumed run has the bits of one that was never interrupted", arguments: [1, 5, 6, 13])
    func bits(step: Int) throws {
        try compare(afterStep: step, accumulate: 1, plain: false)
    }

    @Test func bitsWithAccumulationAndPlainSequences() throws {
        try compare(afterStep: 4, accumulate: 4, plain: false)
        try compare(afterStep: 8, accumulate: 1, plain: true)
    }

    @Test("a run that was stopped goes on with the next call")
    func stopped() throws {
        let (whole, halted) = (Workbench(), Workbench())
        let first = whole.trainer(scheduled: true)
        _ = try withGenerator(seed: 5) { try first.fit(whole.loader) }
        let second = halted.trainer(scheduled: true)
        second.callbacks = [LambdaCallback(onBatchEnd: { $0.shouldStop = $0.globalStep % 4 == 0 })]
        var calls = 0
        try withGenerator(seed: 5) {
            while second.currentEpoch < 3 {
                try second.fit(halted.loader)
                calls += 1
            }
        }
        #expect(calls == 5 && whole.weights == halted.weights && first.history == second.history)
    }

    @Test("a state that does not fit changes nothing")
    func misfits() throws {
        try withTemporaryFolder { folder in
            let path = "\(folder)/state.safetensors"
            let source = Workbench()
            let saved = source.trainer(ema: true)
            _ = try withGenerator(seed: 5) { try saved.fit(source.loader) }
            try saved.save(to: path)
            let bench = Workbench()
            let before = bench.weights
            let without = bench.trainer()
            #expect(throws: TrainerError.self) { try without.resume(from: path) }
            // The same network with another optimiser: the network is put back.
            let other = Trainer(
                bench.model, SGD(bench.model.parameters(), learningRate: 1),
                ema: ExponentialMovingAverage(bench.model.parameters()),
                loss: { crossEntropy($0, $1) })
            #expect(throws: OptimizerStateError.self) { try other.resume(from: path) }
            #expect(bench.weights == before && other.globalStep == 0)
            try TrainingState(model: bench.model.stateDict()).save(to: path)
            let error = #expect(throws: TrainerError.self) { try without.resume(from: path) }
            #expect(error?.description.contains("not the state of a trainer") == true)
        }
    }
}
