import AdjointCore
import AdjointData
import AdjointNN
import AdjointOptim
import AdjointTrainer

// What is made of several parts: layers, optimisers, schedules, data.

extension Draw {
    func layer() -> any Layer {
        let makers: [() -> any Layer] = [
            { Linear(self.size(), self.size()) }, { ReLU() }, { self.convolution() },
            { self.batchNorm() }, { self.layerNorm() }, { Flatten() }, { Dropout(0.5) },
            { Embedding(1 + self.size(), self.size()) }, { self.sequential() },
            { MaxPool2d(2) }, { AdjointNN.Softmax(dim: -1) }, { PReLU() },
            { GroupNorm(1, 1 + self.size()) },
        ]
        let layer = sane(pick(makers))
        if once(in: 5) { layer.train(false) }
        if once(in: 12) { layer.to(DType.float64) }
        return layer
    }

    func layers() -> [any Layer] { (0..<below(4)).map { _ in layer() } }

    func sequential() -> Sequential {
        let width = size()
        return Sequential(Linear(usualShape.last ?? 1, width), ReLU(), Linear(width, size()))
    }

    func layerNorm() -> LayerNorm { LayerNorm(usualShape.last ?? 1) }
    func convolution() -> ConvolutionLayer {
        Conv2d(1 + size(), 1 + size(), kernelSize: 1 + below(3))
    }
    func transposedConvolution() -> ConvTransposeLayer {
        ConvTranspose2d(1 + size(), 1 + size(), kernelSize: 1 + below(3))
    }
    func batchNorm() -> BatchNorm { BatchNorm2d(1 + size()) }
    func encoderLayer() -> TransformerEncoderLayer {
        TransformerEncoderLayer(4, 2, dimFeedforward: 3, batchFirst: bool())
    }
    func decoderLayer() -> TransformerDecoderLayer {
        TransformerDecoderLayer(4, 2, dimFeedforward: 3, batchFirst: bool())
    }

    func optimizer() -> any Optimizer {
        let leaves = sane { self.leaves() }
        let makers: [() -> any Optimizer] = [
            { SGD(leaves, learningRate: 0.1, momentum: 0.9) }, { Adam(leaves) },
            { Adagrad(leaves) },
            { Adafactor(leaves) }, { RMSprop(leaves) }, { LBFGS(leaves, maxIter: 2) },
            { Muon(leaves) },
        ]
        return pick(makers)()
    }

    func adam() -> Adam { Adam(sane { leaves() }) }

    func scheduler() -> LearningRateScheduler {
        let optimizer = optimizer()
        return once(in: 2)
            ? StepLR(optimizer, stepSize: 1 + below(3))
            : LinearLR(optimizer, totalIters: 1 + below(3))
    }

    func schedulers() -> [LearningRateScheduler] {
        if once(in: 3) { return (0..<below(3)).map { _ in scheduler() } }
        let optimizer = optimizer()
        return [ConstantLR(optimizer), ExponentialLR(optimizer, gamma: 0.9)]
    }

    func lambdaLR() -> LambdaLR { LambdaLR(optimizer()) { 1 / Double(1 + $0) } }

    // Data

    func dataset() -> TensorDataset {
        let count = once(in: 6) ? 0 : 1 + below(5)
        return TensorDataset(
            numbers([count] + usualShape.prefix(3), .float32), numbers([count], .int64))
    }

    func sampler() -> any Sampler {
        switch below(4) {
        case 0: SubsetSampler(ints())
        case 1: RandomSampler(dataset())
        case 2: WeightedRandomSampler([1, 2], samples: below(4))
        default: SequentialSampler(below(5))
        }
    }

    func batches() -> @Sendable () -> [[Int]] {
        let rows = (0..<below(3)).map { _ in ints() }
        return { rows }
    }

    func batchSampler() -> BatchSampler {
        once(in: 2)
            ? BatchSampler(count: below(3), batches())
            : BatchSampler(sampler(), batchSize: 1 + below(3))
    }

    func position() -> DataLoaderPosition {
        DataLoaderPosition(epoch: generatorState(), batch: int())
    }

    func transform() -> any ImageTransform {
        switch below(5) {
        case 0: Resize(1 + below(4))
        case 1: CenterCrop(1 + below(4))
        case 2: Normalize(mean: [0.5], std: [0.5])
        case 3: ToFloat()
        default: FunctionTransform(f())
        }
    }

    func transforms() -> [any ImageTransform] { (0..<below(3)).map { _ in transform() } }
    func f1Score() -> F1Score { sane { F1Score(classes: int()) } }

    func stream() -> StreamDataset<(Tensor, Tensor)> {
        let examples = examples()
        return StreamDataset { AnyIterator(examples.makeIterator()) }
    }

    // Training

    func lossLayer() -> any LossLayer {
        pick(
            [
                { CrossEntropyLoss() }, { MSELoss() }, { L1Loss() }, { BCELoss() }, { NLLLoss() },
            ] as [() -> any LossLayer])()
    }

    func metric() -> any Metric<Double> {
        sane {
            pick(
                [
                    { Accuracy(topK: self.int()) }, { Perplexity() }, { R2Score() },
                    { MeanAbsoluteError() },
                ] as [() -> any Metric<Double>])()
        }
    }

    func trainer() -> Trainer {
        let model = sequential()
        let optimizer: any Optimizer = once(in: 4) ? optimizer() : SGD(model.parameters())
        let plain: @Sendable (Tensor, Tensor) -> Tensor = { mseLoss($0, $1) }
        let loss = once(in: 2) ? f2() : plain
        let clip: GradientClip? = orNil(GradientClip.norm(double()))
        return Trainer(
            model, optimizer, maxEpochs: once(in: 4) ? Swift.min(int(), 3) : 1, gradientClip: clip,
            accumulateGradBatches: maybe(1, int()), mixedPrecision: orNil(dtype()),
            monitor: string(), loss: loss)
    }
}
