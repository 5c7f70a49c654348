public import AdjointCore
import Synchronization

/// Averages of parameters that fade by `decay` in each update: often better at evaluation than
/// the parameters themselves (Polyak and Juditsky, 1992).
///
///     average ← decay average + (1 - decay) parameter
public final class ExponentialMovingAverage: Sendable {
    private struct State: Sendable {
        var averages: [Tensor]
        var count = 0
    }

    private let parameters: [Tensor]
    private let decay: Double
    private let warmsUp: Bool
    private let state: Mutex<State>

    /// - Parameters:
    ///   - parameters: What is averaged.
    ///   - decay: What an average keeps in each update.
    ///   - warmsUp: Whether early averages fade faster, by (1 + n) / (10 + n) after n updates, so
    ///     that the start is soon forgotten.
    /// - Errors: `.argument` for a decay outside 0...1, and for parameters that are no floats.
    public init(_ parameters: [Tensor], decay: Double = 0.999, warmsUp: Bool = false) {
        func check(_ isRight: Bool, _ message: @autoclosure () -> String) {
            if !isRight {
                Failure.raise(
                    TensorError(.argument, message(), operation: "ExponentialMovingAverage"))
            }
        }
        check(decay >= 0 && decay <= 1, "decay must be in 0...1, but is \(decay)")
        for parameter in parameters {
            check(
                parameter.dtype.isFloatingPoint,
                "a tensor of \(parameter.dtype) cannot be averaged; pass floats")
        }
        self.parameters = parameters
        self.decay = decay
        self.warmsUp = warmsUp
        state = Mutex(State(averages: noGrad { parameters.map { $0.detach().clone() } }))
    }

    /// Takes the parameters in: after each step of the optimiser.
    public func update() {
        if Failure.isActive { return }
        noGrad {
            state.withLock { state in
                let count = Double(state.count)
                let kept = warmsUp ? Swift.min(decay, (1 + count) / (10 + count)) : decay
                state.count += 1
                for (average, parameter) in zip(state.averages, parameters) {
                    average.lerp_(parameter.detach(), 1 - kept)
                }
            }
        }
    }

    /// The averages, in the order of the parameters; they share memory with this object.
    public var averages: [Tensor] { state.withLock { $0.averages } }

    /// How many updates there were.
    public var updateCount: Int { state.withLock { $0.count } }

    /// Writes the averages into the parameters, for good.
    public func copyToParameters() {
        noGrad {
            for (parameter, average) in zip(parameters, averages) { parameter.copy_(average) }
        }
    }

    /// Runs `body` with the averages as parameters, and puts the parameters back.
    public func withAverages<R>(_ body: () throws -> R) rethrows -> R {
        let kept = noGrad { parameters.map { $0.detach().clone() } }
        copyToParameters()
        defer {
            noGrad { for (parameter, value) in zip(parameters, kept) { parameter.copy_(value) } }
        }
        return try body()
    }

    /// The averages as "averages.0", and the number of updates.
    public func stateDict() -> StateDict {
        state.withLock { state in
            var saved: StateDict = ["num_averaged": Tensor(Int64(state.count), dtype: .int64)]
            for (i, average) in state.averages.enumerated() { saved["averages.\(i)"] = average }
            return saved
        }
    }

    /// Takes over what `stateDict()` gave.
    ///
    /// - Throws: `OptimizerStateError` where it does not fit; nothing is changed then.
    public func loadStateDict(_ saved: StateDict) throws {
        guard saved.count == parameters.count + 1, let count = saved["num_averaged"],
            count.numel == 1
        else {
            throw OptimizerStateError(
                description: "the state holds no averages of \(parameters.count) parameters")
        }
        let averages = try parameters.enumerated().map { i, parameter in
            guard let average = saved["averages.\(i)"], average.shape == parameter.shape else {
                throw OptimizerStateError(
                    description: "\"averages.\(i)\" does not have the shape \(parameter.shape)")
            }
            return noGrad { average.detach().clone().to(parameter.dtype) }
        }
        let updates = count.item(as: Int.self)
        guard OptionFields.counts.contains(updates) else {
            throw OptimizerStateError(
                description: "\"num_averaged\" is \(updates), which is no count")
        }
        state.withLock { state in
            state.averages = averages
            state.count = updates
        }
    }
}
