import Adjoint
import AdjointExamples

/// What is trained: between them most of what a run may draw, sum and multiply.
enum Network: String, CaseIterable {
    /// Linear layers, normalisation over the batch, dropout.
    case mlp = "digits-mlp"
    /// Convolutions and pooling.
    case convolutional = "digits"
    /// Attention over letters.
    case transformer = "names"

    /// The longest run; the learning rate rises and falls over so many steps.
    static let steps = 400

    /// Takes `steps` steps in all, the first ones maybe from the file at `start`.
    func train(_ steps: Int, from start: String?, to path: String) throws {
        let trainer: Trainer
        let batches: DataLoader<Subset<TensorDataset>>
        let heldOut: DataLoader<Subset<TensorDataset>>
        switch self {
        case .mlp, .convolutional:
            (batches, heldOut) = loaders(DigitImages.dataset(), 64)
            trainer = self == .mlp ? makeMLP() : makeConvolutional()
        case .transformer:
            (batches, heldOut) = loaders(NamesTraining.examples(of: NameList.all), 32)
            trainer = makeTransformer()
        }
        trainer.callbacks.append(
            LambdaCallback(onBatchEnd: { $0.shouldStop = $0.globalStep >= steps }))
        if let start { try trainer.resume(from: start) }
        if trainer.globalStep < steps { try trainer.fit(batches, validation: heldOut) }
        try trainer.save(to: path)
    }

    /// Nine in ten to learn from, in an order that is drawn anew for each epoch; the rest to measure.
    private func loaders(_ data: TensorDataset, _ batchSize: Int) -> (
        DataLoader<Subset<TensorDataset>>, DataLoader<Subset<TensorDataset>>
    ) {
        let parts = randomSplit(data, [data.count - data.count / 10, data.count / 10])
        return (
            DataLoader(parts[0], batchSize: batchSize, shuffle: true),
            DataLoader(parts[1], batchSize: 100)
        )
    }

    private func makeMLP() -> Trainer {
        let model = Sequential(
            Flatten(), Linear(64, 96), BatchNorm1d(96), GELU(), Dropout(0.2), Linear(96, 64),
            Tanh(),
            Linear(64, 10))
        let optimizer = AdamW(model.parameters(), learningRate: 3e-3)
        return Trainer(
            model, optimizer, maxEpochs: Network.steps,
            schedule: .step(
                OneCycleLR(optimizer, maxLearningRate: 1e-2, totalSteps: Network.steps + 1)),
            gradientClip: .norm(1),
            ema: ExponentialMovingAverage(model.parameters(), decay: 0.95),
            metrics: ["accuracy": Accuracy()], loss: { crossEntropy($0, $1) })
    }

    private func makeConvolutional() -> Trainer {
        let model = DigitNet()
        let optimizer = SGD(model.parameters(), learningRate: 0.05, momentum: 0.9, nesterov: true)
        return Trainer(
            model, optimizer, maxEpochs: Network.steps,
            schedule: .step(CosineAnnealingLR(optimizer, tMax: Network.steps)),
            metrics: ["accuracy": Accuracy()], forward: { $0($1) }, loss: { crossEntropy($0, $1) })
    }

    private func makeTransformer() -> Trainer {
        let model = NameModel()
        let optimizer = AdamW(model.parameters(), learningRate: 4e-3, weightDecay: 0.1)
        return Trainer(
            model, optimizer, maxEpochs: Network.steps, gradientClip: .norm(1),
            forward: { $0($1) },
            loss: { crossEntropy($0.flatten(endDim: 1), $1.flatten()) })
    }
}
