// Random numbers inside `vmap`: whether the samples share them is for its caller to say.

extension VmapLevel {
    /// The numbers that `body` draws outside of this level: one set for all samples, or one for
    /// each, along a first dimension of the size that `body` is given.
    func draw(_ operation: String, _ body: ([Int]) -> Tensor) -> Tensor {
        switch randomness {
        case .error: return Failure.poison(refusal(operation))
        case .same: return Mode.current.with(vmap: outer).run { body([]) }
        case .different:
            let numbers = Mode.current.with(vmap: outer).run { body([size]) }
            return numbers.isPoisoned ? numbers : Tensor(batch: numbers, self)
        }
    }

    func refusal(_ operation: String) -> TensorError {
        TensorError(
            .argument,
            "vmap: called random operation while in randomness error mode. Say whether the samples "
                + "share their numbers, vmap(randomness: .same) or vmap(randomness: .different), or "
                + "draw them outside vmap",
            operation: operation)
    }
}

extension Tensor {
    /// Ones with the probabilities that this tensor holds, inside `vmap`.
    func bernoulli(_ level: VmapLevel) -> Tensor {
        switch level.randomness {
        case .error:
            return Failure.poison(level.refusal("bernoulli"), like: sizes, dtype)
        case .same:
            // One state: whoever applies it draws the same numbers for every sample.
            let state = Generator.current.advance(2 &* numel)
            return apply(Bernoulli(state: state), Operands(self))
        case .different:
            let chances = repeated(at: level)
            let drawn = Mode.current.with(vmap: level.outer).run { chances.bernoulli() }
            return drawn.isPoisoned ? drawn : Tensor(batch: drawn, level)
        }
    }
}
