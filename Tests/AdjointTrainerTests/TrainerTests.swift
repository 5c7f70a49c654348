import Adjoint
import AdjointTesting
import Testing

@Suite struct TrainerTests {
    @Test("the loop gives the bits of the one that a reader would write")
    func plainLoop() throws {
        let (own, hand) = (Workbench(), Workbench())
        _ = try withGenerator(seed: 5) {
            try own.trainer(clip: .norm(0.5)).fit(own.loader, validation: own.validation)
        }
        withGenerator(seed: 5) {
            let optimizer = Adam(hand.model.parameters(), learningRate: 0.05)
            for _ in 0..<3 {
                for (x, y) in hand.loader {
                    optimizer.zeroGrad()
                    crossEntropy(hand.model(x), y).backward()
                    clipGradNorm_(hand.model.parameters(), maxNorm: 0.5)
                    optimizer.step()
                }
            }
        }
        #expect(own.weights == hand.weights)
    }

    @Test("gradients of several batches are those of all their examples together")
    func accumulation() throws {
        // Batches of 4, 4, 2 by twos: a step from 8 examples, and one from the last 2.
        let x = withGenerator(seed: 1) { Tensor.randn(10, 3, dtype: .float64) }
        let y = withGenerator(seed: 2) { Tensor.randn(10, 1, dtype: .float64) }
        func layer() -> Linear { withGenerator(seed: 3) { Linear(3, 1, dtype: .float64) } }
        let (own, hand) = (layer(), layer())
        let trainer = Trainer(
            own, SGD(own.parameters(), learningRate: 0.1), accumulateGradBatches: 2,
            loss: { mseLoss($0, $1) })
        try trainer.fit(DataLoader(TensorDataset(x, y), batchSize: 4))
        let optimizer = SGD(hand.parameters(), learningRate: 0.1)
        var losses: [Double] = []
        for range in [0..<8, 8..<10] {
            optimizer.zeroGrad()
            let loss = mseLoss(hand(x[range]), y[range])
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        }
        try expectClose(own.weight, hand.weight, atol: 1e-12)
        #expect(trainer.globalStep == 2)
        let mean = (8 * losses[0] + 2 * losses[1]) / 10
        #expect((trainer.history["train_loss"][0] - mean).magnitude < 1e-12)

        // Uneven batches within one step: 1, 3 and 6 examples are one mean over 10.
        let (uneven, whole) = (layer(), layer())
        let batches = [0..<1, 1..<4, 4..<10].map { (x[$0], y[$0]) }
        try Trainer(
            uneven, SGD(uneven.parameters(), learningRate: 0.1), accumulateGradBatches: 3,
            loss: { mseLoss($0, $1) }
        ).fit(batches)
        let single = SGD(whole.parameters(), learningRate: 0.1)
        mseLoss(whole(x), y).backward()
        single.step()
        try expectClose(uneven.weight, whole.weight, atol: 1e-12)
    }

    @Test("what counts in a batch can be said, as for padded targets")
    func batchWeights() throws {
        let logits = withGenerator(seed: 1) { Tensor.randn(6, 3, dtype: .float64) }
        let targets = Tensor([0, -100, -100, 1, 2, 0])
        func offset() -> Parameter { Parameter(Tensor.zeros(3, dtype: .float64)) }
        final class Shift: Layer {
            let by: Parameter
            init(_ by: Parameter) { self.by = by }
            func callAsFunction(_ x: Tensor) -> Tensor { x + by }
        }
        let (own, hand) = (Shift(offset()), Shift(offset()))
        try Trainer(
            own, SGD(own.parameters(), learningRate: 1), accumulateGradBatches: 2,
            batchWeight: { ($0 .!= -100).sum().item() }, loss: { crossEntropy($0, $1) }
        ).fit([(logits[0..<3], targets[0..<3]), (logits[3...], targets[3...])])
        crossEntropy(hand(logits), targets).backward()
        SGD(hand.parameters(), learningRate: 1).step()
        try expectClose(own.by, hand.by, atol: 1e-12)
    }

    @Test("validation is in evaluation mode, leaves modes and generator, and uses averages")
    func validation() throws {
        let bench = Workbench()
        let frozen = bench.model.layers[2]
        frozen.eval()
        let trainer = bench.trainer(ema: true)
        try withGenerator(seed: 5) {
            try trainer.fit(bench.loader, validation: bench.validation)
            let state = Generator.current.state
            let values = trainer.validate(bench.validation)
            #expect(Generator.current.state == state)
            #expect(bench.model.isTraining && !frozen.isTraining)
            #expect(values["val_loss"] == trainer.history.last["val_loss"])
            let weights = bench.weights
            bench.model.eval()
            let expected = try #require(trainer.ema).withAverages {
                noGrad { crossEntropy(bench.model(bench.held.inputs), bench.held.targets) }
            }
            let loss = try #require(values["val_loss"])
            #expect((loss - expected.item(as: Double.self)).magnitude < 1e-6)
            #expect(weights == bench.weights)
        }
        #expect(trainer.history.names == ["train_loss", "lr", "val_loss", "val_accuracy"])
        #expect(trainer.history.epochs.map(\.step) == [6, 12, 18])
    }

    @Test("training ends when the watched number gets no better")
    func earlyStopping() throws {
        let bench = Workbench()
        func trainer(_ monitor: String) -> Trainer {
            Trainer(
                bench.model, SGD(bench.model.parameters(), learningRate: 0), maxEpochs: 20,
                earlyStopping: EarlyStopping(patience: 2), monitor: monitor,
                loss: { crossEntropy($0, $1) })
        }
        let stopped = trainer("val_loss")
        #expect(try stopped.fit(bench.loader, validation: bench.held.batches).epochs.count == 4)
        // It stays over.
        #expect(try stopped.fit(bench.loader, validation: bench.held.batches).epochs.count == 4)
        let error = #expect(throws: TrainerError.self) { try trainer("val_f1").fit(bench.loader) }
        #expect(error?.description.contains("\"val_f1\" is watched") == true)
    }

    @Test("a loss that is no number ends the run before it spoils the parameters")
    func nonFiniteLoss() throws {
        let bench = Workbench()
        let log = CallLog()
        var calls = 0
        let trainer = Trainer(
            bench.model, SGD(bench.model.parameters(), learningRate: 0.1), callbacks: [log],
            loss: {
                calls += 1
                return crossEntropy($0, $1) * (calls == 3 ? Double.infinity : 1)
            })
        var before = bench.weights
        trainer.callbacks.append(LambdaCallback(onBatchEnd: { _ in before = bench.weights }))
        let error = #expect(throws: TrainerError.self) {
            try withGenerator(seed: 5) { try trainer.fit(bench.loader) }
        }
        #expect(
            error?.description.contains("the loss became inf in step 3 of the run, in epoch 1")
                == true)
        #expect(bench.weights == before && log.calls.last == "exception")
    }

    @Test("schedules go on by steps, by epochs, or by a number")
    func schedules() throws {
        let bench = Workbench()
        func rates(_ make: (SGD) -> LearningRateSchedule) throws -> [Double] {
            let optimizer = SGD(bench.model.parameters(), learningRate: 1e-9)
            return try Trainer(
                bench.model, optimizer, maxEpochs: 3, schedule: make(optimizer),
                loss: { crossEntropy($0, $1) }
            ).fit(bench.loader, validation: bench.validation)["lr"]
        }
        func near(_ a: [Double], _ b: [Double]) -> Bool {
            zip(a, b).allSatisfy { ($0 - $1).magnitude < 1e-15 } && a.count == b.count
        }
        let byEpoch = try rates { .epoch(StepLR($0, stepSize: 1, gamma: 0.5)) }
        #expect(near(byEpoch, [1e-9, 5e-10, 2.5e-10]))
        // Six steps an epoch.
        let byStep = try rates { .step(StepLR($0, stepSize: 6, gamma: 0.5)) }
        #expect(near(byStep, [5e-10, 2.5e-10, 1.25e-10]))
        let byNumber = try rates {
            .plateau(ReduceLROnPlateau($0, patience: 0, threshold: 0.5, eps: 0))
        }
        #expect(near(byNumber, [1e-9, 1e-9, 1e-10]))
    }

    @Test("an optimiser that asks for the loss several times gets it")
    func closures() throws {
        let x = withGenerator(seed: 1) { Tensor.randn(16, 3, dtype: .float64) }
        let layer = Linear(3, 1, dtype: .float64)
        let data = TensorDataset(x, x.sum(dim: 1, keepDim: true) + 2)
        let history = try Trainer(
            layer, LBFGS(layer.parameters(), learningRate: 1, maxIter: 20), maxEpochs: 2,
            loss: { mseLoss($0, $1) }
        ).fit(DataLoader(data, batchSize: 16), validation: DataLoader(data, batchSize: 16))
        #expect(history["val_loss"][1] < 1e-8)
    }

    @Test func mistakesAreSaid() throws {
        let bench = Workbench()
        let error = #expect(throws: TrainerError.self) {
            try bench.trainer().fit([(Tensor, Tensor)]())
        }
        #expect(error?.description.contains("epoch 1 has no batches") == true)
        #expect(throws: TensorError.self) {
            try catchingTensorErrors { _ = bench.trainer(accumulate: 0) }
        }
        #expect(throws: TensorError.self) {
            try catchingTensorErrors { _ = bench.trainer(maxEpochs: 0) }
        }
        #expect(throws: TensorError.self) {
            try catchingTensorErrors {
                _ = Trainer(
                    bench.model, SGD(bench.model.parameters(), learningRate: 1),
                    metrics: ["a,b": Accuracy()], loss: { crossEntropy($0, $1) })
            }
        }
        // A wrong shape in the middle of a run is what it is anywhere.
        #expect(throws: TensorError.self) {
            try catchingTensorErrors {
                try bench.trainer().fit([(Tensor.zeros(2, 3), Tensor([0, 1]))])
            }
        }
    }
}

extension TensorDataset {
    /// All examples as one batch.
    var batches: [(Tensor, Tensor)] { [(inputs, targets)] }
}
