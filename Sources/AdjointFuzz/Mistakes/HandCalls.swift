import AdjointCore
import AdjointData
import AdjointNN
import AdjointOptim
import AdjointTrainer

// Calls that cannot be generated: generic ones, and those that need several steps. The names are
// those of tools/wrong-calls.

extension MistakeTable {
    mutating func handCalls() {
        functionCalls()
        scopeCalls()
        dataSetCalls()
        loaderCalls()
        trainingCalls()
    }

    private mutating func functionCalls() {
        add("Function.apply(Tensor...)") { d in
            d.take(Twisted(f: d.f(), g: d.hook()).apply(d.tensor(), d.tensor()))
        }
        add("Function.apply([Tensor])") { d in
            d.take(Twisted(f: d.f(), g: d.hook(), isDirty: d.bool()).apply(d.tensors()))
        }
        add("FunctionContext.markDirty(Tensor...)") { d in
            d.take(Twisted(f: d.f(), g: d.hook(), isDirty: true).apply(d.tensor()))
        }
        add("FunctionContext.markNonDifferentiable(Tensor...)") { d in
            d.take(Twisted(f: d.f(), g: d.hook(), isConstant: true).apply(d.tensor()))
        }
        add("FunctionContext.saveForBackward(Tensor...)") { d in
            d.take(Twisted(f: d.f(), g: d.hook()).apply(d.tensor()))
        }
        add("FunctionContext.setMaterializeGrads(Bool)") { d in
            d.take(
                Twisted(f: d.f(), g: d.hook(), materializes: false).apply(d.tensor(), d.tensor()))
        }
        add("Array.forEachTensor((inout Tensor) -> Void)") { d in
            var x = d.tensors()
            x.forEachTensor { $0 = $0.exp() }
            d.take(x)
        }
        add("Dictionary.forEachTensor((inout Tensor) -> Void)") { d in
            var x = d.state()
            x.forEachTensor { $0 = $0.exp() }
            d.take(x)
        }
        add("Optional.forEachTensor((inout Tensor) -> Void)") { d in
            var x = d.tensorOrNil()
            x.forEachTensor { $0 = $0.exp() }
            d.take(x)
        }
    }

    private mutating func scopeCalls() {
        add("TensorIndex.slice(Int?, Int?, step: Int)") { d in
            d.take(d.tensor()[.slice(d.intOrNil(), d.intOrNil(), step: d.int())])
        }
        add("ForwardLevel.makeDual(Tensor, tangent: Tensor)") { d in
            d.take(forwardMode { d.work(in: $0) })
        }
        add("ForwardLevel.unpackDual(Tensor)") { d in
            d.take(forwardMode { $0.unpackDual(d.tensor()).primal })
        }
        add(
            "savedTensorsHooks<P, R>(pack: @Sendable (Tensor) -> P, "
                + "unpack: @Sendable (P) -> Tensor, () throws -> R)"
        ) { d in
            let (f, g) = (d.f(), d.f())
            d.take(savedTensorsHooks(pack: { f($0) }, unpack: { g($0) }) { d.work() })
        }
    }

    private mutating func dataSetCalls() {
        add("ArrayDataset.init([Example])") { d in
            d.take(try ArrayDataset([(d.tensor(), d.tensor())] + d.examples()).batch(d.ints()))
        }
        add("ArrayDataset.subscript[Int]") { d in
            d.take(ArrayDataset([(d.tensor(), d.tensor())] + d.examples())[d.int()])
        }
        add("Dataset.concat(Self)") { d in d.take(try d.dataset().concat(d.dataset())[d.int()]) }
        add("Dataset.filter((Self.Example) throws -> Bool)") { d in
            d.take(try d.dataset().filter { $0.0.numel > 0 }[d.int()])
        }
        add("Dataset.map<R>(@Sendable (Self.Example) throws -> R)") { d in
            let f = d.f()
            d.take(try d.dataset().map { f($0.0) }[d.int()])
        }
        add("MappedDataset.init(Base, @Sendable (Base.Example) throws -> Example)") { d in
            let f = d.f()
            d.take(try MappedDataset(d.dataset()) { f($0.0) }[d.int()])
        }
        add("MappedDataset.subscript[Int]") { d in
            d.take(try MappedDataset(d.dataset()) { $0.1 }[d.int()])
        }
        add("StreamDataset.init(@Sendable () -> AnyIterator<Element>)") { d in
            d.take(Array(d.stream()))
        }
        add("StreamDataset.makeIterator()") { d in d.take(d.stream().makeIterator().next()) }
        add("IterableDataset.concat(Self)") { d in d.take(Array(d.stream().concat(d.stream()))) }
        add("IterableDataset.enumerated()") { d in
            d.take(
                Array(
                    d.stream().enumerated()
                        as StreamDataset<(index: Int, example: (Tensor, Tensor))>))
        }
        add("IterableDataset.filter(@Sendable (Self.Element) -> Bool)") { d in
            d.take(Array(d.stream().filter { $0.0.numel > 0 } as StreamDataset<(Tensor, Tensor)>))
        }
        add("IterableDataset.map<R>(@Sendable (Self.Element) -> R)") { d in
            let f = d.f()
            d.take(Array(d.stream().map { f($0.0) } as StreamDataset<Tensor>))
        }
        add("IterableDataset.shuffled(buffer: Int)") { d in
            d.take(Array(d.stream().shuffled(buffer: d.int())))
        }
    }

    private mutating func loaderCalls() {
        add(
            "DataLoader.init(D, batchSize: Int, shuffle: Bool, dropLast: Bool, "
                + "sampler: (any Sampler)?, workers: Int, prefetch: Int, "
                + "collate: @Sendable ([D.Example]) throws -> (Tensor, Tensor))"
        ) { d in
            let loader = DataLoader(
                d.dataset(), batchSize: d.int(), shuffle: d.bool(), dropLast: d.bool(),
                sampler: d.orNil(d.sampler()), collate: padding(d.double()))
            for batch in loader { d.take(batch.0) }
        }
        add(
            "DataLoader.init(D, batches: BatchSampler, workers: Int, prefetch: Int, "
                + "collate: @Sendable ([D.Example]) throws -> (Tensor, Tensor))"
        ) { d in
            let loader = DataLoader(
                d.dataset(), batches: d.batchSampler(), collate: padding(d.double()))
            for batch in loader { d.take(batch.1) }
        }
        add("DataLoaderIterator.next()") { d in
            var x = DataLoader(d.dataset(), batchSize: d.int()).makeIterator(
                resumingAt: d.position())
            d.take(x.next())
        }
        add("DataLoaderIterator.nextBatch()") { d in
            var x = DataLoader(d.dataset(), batches: d.batchSampler()).makeIterator()
            d.take(try x.nextBatch())
        }
        add(
            "IterableLoader.init(D, batchSize: Int, dropLast: Bool, prefetch: Int, "
                + "collate: @Sendable ([D.Element]) throws -> (Tensor, Tensor))"
        ) { d in
            let loader = IterableLoader(
                d.stream(), batchSize: d.int(), dropLast: d.bool(), collate: padding(d.double()))
            for batch in loader { d.take(batch.0) }
        }
        add("IterableLoaderIterator.next()") { d in
            var x = IterableLoader(d.stream(), batchSize: d.int()).makeIterator()
            d.take(x.next())
        }
        add("IterableLoaderIterator.nextBatch()") { d in
            var x = IterableLoader(d.stream(), batchSize: d.int()).makeIterator()
            d.take(try x.nextBatch())
        }
    }

    private mutating func trainingCalls() {
        add("ParameterGroup.init([Tensor], Options)") { d in
            d.take(SGD(groups: [ParameterGroup(d.leaves(), SGD.Options(learningRate: d.double()))]))
        }
        add(
            "Trainer.init<M>(M, any Optimizer, maxEpochs: Int, schedule: LearningRateSchedule?, "
                + "gradientClip: GradientClip?, accumulateGradBatches: Int, mixedPrecision: DType?, "
                + "ema: ExponentialMovingAverage?, earlyStopping: EarlyStopping?, monitor: String, "
                + "metrics: KeyValuePairs<String, any Metric<Double>>, callbacks: [any Callback], "
                + "batchWeight: (Tensor) -> Double, loss: (Tensor, Tensor) -> Tensor)"
        ) { d in
            let trainer = d.trainer()
            try trainer.fit(d.examples())
        }
        add(
            "Trainer.init<M>(M, any Optimizer, maxEpochs: Int, schedule: LearningRateSchedule?, "
                + "gradientClip: GradientClip?, accumulateGradBatches: Int, mixedPrecision: DType?, "
                + "ema: ExponentialMovingAverage?, earlyStopping: EarlyStopping?, monitor: String, "
                + "metrics: KeyValuePairs<String, any Metric<Double>>, callbacks: [any Callback], "
                + "batchWeight: (Tensor) -> Double, forward: (M, Tensor) -> Tensor, "
                + "loss: (Tensor, Tensor) -> Tensor)"
        ) { d in
            let (model, f) = (d.sequential(), d.f())
            let trainer = Trainer(
                model, d.optimizer(), maxEpochs: d.below(3),
                ema: d.orNil(ExponentialMovingAverage(model.parameters(), decay: d.double())),
                earlyStopping: d.orNil(EarlyStopping(patience: d.int())), monitor: d.string(),
                metrics: ["accuracy": Accuracy(topK: d.int())], forward: { f($0($1)) }, loss: d.f2()
            )
            try trainer.fit(d.examples(), validation: d.examples())
        }
        add("Module.summary(input: Tensor, forward: (Self, Tensor) -> Tensor)") { d in
            let f = d.f2()
            d.take(d.sequential().summary(input: d.tensor()) { $0(f($1, $1)) }.description)
        }
    }
}

/// A custom function that need not be right.
private struct Twisted: Function {
    let f: @Sendable (Tensor) -> Tensor
    let g: @Sendable ([Tensor?]) -> [Tensor?]?
    var isDirty = false
    var isConstant = false
    var materializes = true

    func forward(_ context: FunctionContext, _ inputs: [Tensor]) -> [Tensor] {
        let outputs = inputs.map(f)
        if let first = inputs.first {
            context.saveForBackward(first)
            if isDirty { context.markDirty(first) }
        }
        if isConstant, let output = outputs.first { context.markNonDifferentiable(output) }
        context.setMaterializeGrads(materializes)
        return outputs
    }

    func backward(_ context: FunctionContext, _ gradOutputs: [Tensor?]) -> [Tensor?] {
        g(gradOutputs) ?? gradOutputs
    }
}
