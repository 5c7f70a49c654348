public import AdjointCore
public import AdjointNN
public import AdjointOptim

/// A training loop with what most runs need: validation, metrics, clipping, accumulation, averages,
/// schedules, early stopping, and a state from which a run goes on bit for bit.
///
///     let trainer = Trainer(
///         model, optimizer, maxEpochs: 5, gradientClip: .norm(1),
///         metrics: ["accuracy": Accuracy()], callbacks: [ProgressBar()]
///     ) { model, x in model(x) } loss: { crossEntropy($0, $1) }
///     try trainer.fit(trainLoader, validation: testLoader)
///
/// The loop itself is `Trainer+Fit.swift`, to be read, and to be copied where another is needed.
public final class Trainer {
    /// The network that is trained.
    public let model: any Module
    /// What moves its parameters.
    public let optimizer: any Optimizer
    /// How many epochs a run has.
    public var maxEpochs: Int
    /// What moves the learning rate.
    public let schedule: LearningRateSchedule?
    /// What is done to gradients before a step.
    public let gradientClip: GradientClip?
    /// From how many batches one step is taken: the gradient is that of the mean over all their
    /// examples, also where batches differ in size or the last of an epoch are fewer.
    public let accumulateGradBatches: Int
    /// The half-width type in which products are computed (see `autocast`); nil for none.
    public let mixedPrecision: DType?
    /// Averages of the parameters: taken after every step, and used in validation.
    public let ema: ExponentialMovingAverage?
    /// When to end training before the last epoch.
    public let earlyStopping: EarlyStopping?
    /// Which number of the history `earlyStopping` watches.
    public let monitor: String
    /// What hears of the progress, in this order.
    public var callbacks: [any Callback]
    /// Set to end training after the step at work; `fit` goes on from there.
    public var shouldStop = false

    /// How far the run has come.
    public internal(set) var progress = TrainerProgress()
    /// What was measured in each epoch.
    public internal(set) var history = History()

    let parameters: [Tensor]
    let forward: (Tensor) -> Tensor
    let loss: (Tensor, Tensor) -> Tensor
    let batchWeight: (Tensor) -> Double
    let metrics: [(name: String, metric: any Metric<Double>)]
    /// The losses of the epoch so far, each as heavy as its examples are many.
    var epochLoss = RunningMean()
    /// The generator as it was when the epoch at work began.
    var epochStart: Generator.State
    /// The generator of a state that was loaded, until `fit` goes on with it.
    var restoredGenerator: Generator.State?

    /// - Parameters:
    ///   - model: The network.
    ///   - optimizer: What moves its parameters.
    ///   - maxEpochs: How many epochs a run has.
    ///   - schedule: What moves the learning rates, and when.
    ///   - gradientClip: How gradients are kept short; nil for not at all.
    ///   - accumulateGradBatches: From how many batches a step is made.
    ///   - mixedPrecision: The half-width type that products compute in; nil for none.
    ///   - ema: Averages that follow each step, and are used in validation.
    ///   - earlyStopping: What ends the run when `monitor` gets no better.
    ///   - monitor: Which number of the history `earlyStopping` watches.
    ///   - metrics: Measured in validation; in the history as "val_" and the name.
    ///   - callbacks: What is told of the run, in order.
    ///   - batchWeight: Over how much the loss of a batch with these targets is a mean; how many
    ///     rows they have unless given. Say how many targets count where some are ignored.
    ///   - forward: What the model gives for inputs.
    ///   - loss: The mean loss of what it gave, for the targets.
    /// - Errors: `.argument` for numbers below 1, and for names of metrics that a table cannot hold.
    public init<M: Module>(
        _ model: M, _ optimizer: any Optimizer, maxEpochs: Int = 1,
        schedule: LearningRateSchedule? = nil, gradientClip: GradientClip? = nil,
        accumulateGradBatches: Int = 1, mixedPrecision: DType? = nil,
        ema: ExponentialMovingAverage? = nil, earlyStopping: EarlyStopping? = nil,
        monitor: String = "val_loss",
        metrics: KeyValuePairs<String, any Metric<Double>> = [:],
        callbacks: [any Callback] = [],
        batchWeight: @escaping (Tensor) -> Double = { Double($0.shape.first ?? 1) },
        forward: @escaping (M, Tensor) -> Tensor, loss: @escaping (Tensor, Tensor) -> Tensor
    ) {
        func check(_ isRight: Bool, _ message: @autoclosure () -> String) {
            if !isRight {
                Failure.raise(TensorError(.argument, message(), operation: "Trainer"))
            }
        }
        check(maxEpochs >= 1, "maxEpochs must be at least 1, but is \(maxEpochs)")
        check(
            accumulateGradBatches >= 1,
            "accumulateGradBatches must be at least 1, but is \(accumulateGradBatches)")
        for (name, _) in metrics {
            check(
                !name.isEmpty && !name.contains { $0 == "," || $0 == "\"" || $0.isNewline },
                "a metric's name is that of a column, without commas, quotation marks and line "
                    + "ends, but is \"\(name)\"")
        }
        self.model = model
        self.optimizer = optimizer
        self.maxEpochs = maxEpochs
        self.schedule = schedule
        self.gradientClip = gradientClip
        self.accumulateGradBatches = max(accumulateGradBatches, 1)
        self.mixedPrecision = mixedPrecision
        self.ema = ema
        self.earlyStopping = earlyStopping
        self.monitor = monitor
        self.callbacks = callbacks
        self.metrics = metrics.map { (name: $0.key, metric: $0.value) }
        self.batchWeight = batchWeight
        self.forward = { forward(model, $0) }
        self.loss = loss
        parameters = model.parameters()
        epochStart = Generator.current.state
    }

    /// A trainer of a layer, which says itself what it gives for inputs.
    ///
    /// - Errors: `.argument` for numbers below 1, and for names of metrics that a table cannot hold.
    public convenience init<M: Layer>(
        _ model: M, _ optimizer: any Optimizer, maxEpochs: Int = 1,
        schedule: LearningRateSchedule? = nil, gradientClip: GradientClip? = nil,
        accumulateGradBatches: Int = 1, mixedPrecision: DType? = nil,
        ema: ExponentialMovingAverage? = nil, earlyStopping: EarlyStopping? = nil,
        monitor: String = "val_loss",
        metrics: KeyValuePairs<String, any Metric<Double>> = [:],
        callbacks: [any Callback] = [],
        batchWeight: @escaping (Tensor) -> Double = { Double($0.shape.first ?? 1) },
        loss: @escaping (Tensor, Tensor) -> Tensor
    ) {
        self.init(
            model, optimizer, maxEpochs: maxEpochs, schedule: schedule, gradientClip: gradientClip,
            accumulateGradBatches: accumulateGradBatches, mixedPrecision: mixedPrecision, ema: ema,
            earlyStopping: earlyStopping, monitor: monitor, metrics: metrics, callbacks: callbacks,
            batchWeight: batchWeight, forward: { $0.hooked($1) }, loss: loss)
    }

    /// Epochs done; the number of the one at work, counted from 0.
    public var currentEpoch: Int { progress.epoch }
    /// Steps of the optimiser so far.
    public var globalStep: Int { progress.step }
}
