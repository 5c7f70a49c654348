/// Random numbers in the shape of a tensor: what `uniform_`, `normal_` and `bernoulli_` write. They
/// do not depend on what they overwrite, so the gradient is 0.
struct RandomFill: Operator {
    static let info = OpInfo(
        "randomFill", family: .random, formula: "random numbers", derivative: "0", torch: "")
    static let worksInPlace = true
    let distribution: Distribution
    let state: Generator.State

    func saves(for wanted: InputSet) -> SavedSet { .none }

    func result(_ inputs: Operands) throws(TensorError) -> TensorSpec {
        if let error = distribution.error(inputs.first.dtype) { throw error }
        return inputs.first.spec
    }

    func compute(_ inputs: Operands, into output: Tensor) throws(TensorError) {
        try CPU.draw(distribution, state, into: output)
    }

    func pull(_ cotangent: Tensor, wrt i: Int, _ saved: Saved) -> Tensor? {
        Tangents.zeros(cotangent.spec, cotangent.device)
    }
    func push(_ tangents: TensorSlots, _ inputs: Operands, _ saved: Saved) -> Tensor? { nil }

    static var samples: [Sample] {
        let state = Generator.State(seed: 7, offset: 0)
        return [
            Sample(RandomFill(distribution: .uniform(-1, 1), state: state), .init([2, 3])),
            Sample(RandomFill(distribution: .normal(mean: 1, std: 2), state: state), .init([3])),
            Sample(RandomFill(distribution: .bernoulli(0.5), state: state), .init([])),
        ]
    }
}

/// Ones with the probabilities that the input holds, else zeros.
struct Bernoulli: Operator {
    static let info = OpInfo(
        "bernoulli", family: .random, formula: "1 with probability x, else 0", derivative: "0",
        dtypes: .floating)
    let state: Generator.State

    func saves(for wanted: InputSet) -> SavedSet { .none }

    func result(_ inputs: Operands) throws(TensorError) -> TensorSpec {
        try check(inputs.first.dtype)
        return inputs.first.spec
    }

    func compute(_ inputs: Operands, into output: Tensor) throws(TensorError) {
        let p = try CPU.dense(inputs.first, .float64)
        let draws = try Block(scratch: output.sizes, .float64)
        try CPU.draw(.uniform(0, 1), state, into: draws)
        let (chance, y) = (p.elements(Double.self), draws.elements(Double.self))
        for i in 0..<draws.numel {
            if !(chance[i] >= 0 && chance[i] <= 1) {
                throw TensorError(.argument, "the probability \(chance[i]) must lie in 0...1")
            }
            y[i] = y[i] < chance[i] ? 1 : 0
        }
        try CPU.copy(draws, into: output)
    }

    func pull(_ cotangent: Tensor, wrt i: Int, _ saved: Saved) -> Tensor? {
        Tangents.zeros(cotangent.spec, cotangent.device)
    }
    func push(_ tangents: TensorSlots, _ inputs: Operands, _ saved: Saved) -> Tensor? { nil }

    static var samples: [Sample] {
        Sample.unary(
            Bernoulli(state: Generator.State(seed: 7, offset: 0)), over: .uniform(0.1, 0.9))
    }
}

extension Tensor {
    /// Writes numbers uniform in [low, high) over this tensor's.
    ///
    /// - Errors: `.dtype` for integers and booleans, `.argument` for bounds out of order.
    @discardableResult public func uniform_(_ low: Double = 0, _ high: Double = 1) -> Tensor {
        drawn(.uniform(low, high))
    }

    /// Writes numbers of the normal distribution over this tensor's.
    ///
    /// - Errors: `.dtype` for integers and booleans, `.argument` for a negative deviation.
    @discardableResult public func normal_(mean: Double = 0, std: Double = 1) -> Tensor {
        drawn(.normal(mean: mean, std: std))
    }

    /// Writes ones with the given probability, else zeros.
    ///
    /// - Errors: `.argument` for a probability outside 0...1.
    @discardableResult public func bernoulli_(_ probability: Double = 0.5) -> Tensor {
        drawn(.bernoulli(probability))
    }

    /// Ones with the probabilities that this tensor holds, else zeros. Same as `torch.bernoulli`.
    ///
    /// - Errors: `.argument` for a probability outside 0...1, `.dtype` for whole numbers.
    public func bernoulli() -> Tensor {
        if let level = Mode.current.vmap, !isPoisoned { return bernoulli(level) }
        return apply(Bernoulli(state: Generator.current.advance(2 &* numel)), Operands(self))
    }

    private func drawn(_ distribution: Distribution) -> Tensor {
        if isPoisoned || Mode.current.isFailing { return self }
        if let level = Mode.current.vmap {
            let name = "\(RandomFill.info.name)_"
            let numbers = level.draw(name) { lead in
                Tensor(placed: Dims(lead + shape), dtype, device, name).drawn(distribution)
            }
            return copy_(numbers)
        }
        let state = Generator.current.advance(numel)
        return applyInPlace(RandomFill(distribution: distribution, state: state), self)
    }
}
