public import AdjointCore
public import AdjointData
import AdjointNN
import AdjointOptim

/// Batches that an interrupted epoch can go on with, without making those that were used up.
public protocol ResumableBatches: Sequence<(Tensor, Tensor)> {
    /// The epoch that stood at `position`, from there on. The current generator is left alone.
    func batches(resumingAt position: DataLoaderPosition) -> AnyIterator<(Tensor, Tensor)>
}

extension DataLoader: ResumableBatches {
    public func batches(resumingAt position: DataLoaderPosition) -> AnyIterator<(Tensor, Tensor)> {
        AnyIterator(makeIterator(resumingAt: position))
    }
}

extension Trainer {
    /// What epochs, steps and batches are counted with; a file may hold any number.
    private static let counts = 0...(1 << 53)

    /// All that the run needs to go on bit for bit: after any step, and between epochs. The
    /// tensors share memory with the run: save them before it goes on.
    public func state() -> TrainingState {
        let (sum, weight) = epochLoss.total
        var state = TrainingState(
            model: model.stateDict(), optimizer: optimizer.stateDict(),
            generator: restoredGenerator ?? Generator.current.state,
            notes: [
                "trainer.epoch": "\(progress.epoch)", "trainer.step": "\(progress.step)",
                "trainer.loss": "\(sum) \(weight)", "trainer.history": history.csv,
            ])
        if progress.batch > 0 {
            state.loader = DataLoaderPosition(epoch: epochStart, batch: progress.batch)
        }
        state.scheduler = scheduleState
        state.averages = ema?.stateDict() ?? [:]
        return state
    }

    /// Writes `state()` to the file at `path`, as a whole or not at all.
    ///
    /// - Throws: `DataFileError` where the file cannot be written.
    public func save(to path: String) throws { try state().save(to: path) }

    /// Takes over what `save(to:)` wrote. The next `fit` goes on from there.
    ///
    /// - Throws: `DataFileError` where the file cannot be read; as `load`.
    public func resume(from path: String) throws { try load(TrainingState(from: path)) }

    /// Takes over the state of a run with the same model, optimiser, schedule and averages.
    ///
    /// - Throws: `TrainerError`, `StateDictError` or `OptimizerStateError` where it does not fit;
    ///   nothing has changed then.
    public func load(_ state: TrainingState) throws {
        let notes = state.notes
        let numbers = (notes["trainer.loss"] ?? "").split(separator: " ").compactMap { Double($0) }
        guard let epoch = notes["trainer.epoch"].flatMap({ Int($0) }),
            let step = notes["trainer.step"].flatMap({ Int($0) }), numbers.count == 2,
            let history = notes["trainer.history"].flatMap(History.init(csv:)),
            let generator = state.generator, Self.counts.contains(epoch),
            Self.counts.contains(step), Self.counts.contains(state.loader?.batch ?? 0)
        else {
            throw TrainerError(
                "this is not the state of a trainer: read a file that Trainer.save or "
                    + "ModelCheckpoint wrote")
        }
        for (name, isHere, wasThere) in [
            ("ema", ema != nil, !state.averages.isEmpty),
            ("schedule", schedule != nil, !state.scheduler.isEmpty),
        ] where isHere != wasThere {
            throw TrainerError(
                "the state was saved \(wasThere ? "with" : "without") \(name):, and this trainer "
                    + "was made \(isHere ? "with" : "without"); make it as it was then")
        }
        let model = model.stateDict().mapValues { tensor in noGrad { tensor.clone() } }
        let before = (model, optimizer.stateDict(), scheduleState, ema?.stateDict() ?? [:])
        do {
            try take(state.model, state.optimizer, state.scheduler, state.averages)
        } catch {
            try take(before.0, before.1, before.2, before.3)
            throw error
        }
        progress = TrainerProgress()
        progress.epoch = epoch
        progress.step = step
        progress.batch = state.loader?.batch ?? 0
        epochLoss = RunningMean(sum: numbers[0], weight: numbers[1])
        progress.meanLoss = epochLoss.value
        epochStart = state.loader?.epoch ?? generator
        restoredGenerator = generator
        self.history = history
    }

    private func take(
        _ modelState: StateDict, _ optimizerState: StateDict, _ schedulerState: StateDict,
        _ averages: StateDict
    ) throws {
        try model.loadStateDict(modelState)
        try optimizer.loadStateDict(optimizerState)
        switch schedule {
        case .epoch(let scheduler), .step(let scheduler):
            try scheduler.loadStateDict(schedulerState)
        case .plateau(let scheduler, _): try scheduler.loadStateDict(schedulerState)
        case nil: break
        }
        try ema?.loadStateDict(averages)
    }

    private var scheduleState: StateDict {
        switch schedule {
        case .epoch(let scheduler), .step(let scheduler): scheduler.stateDict()
        case .plateau(let scheduler, _): scheduler.stateDict()
        case nil: [:]
        }
    }

    /// The batches of an epoch, or those that are left of one that was interrupted.
    func rest<Batches: Sequence<(Tensor, Tensor)>>(of batches: Batches)
        -> AnyIterator<(Tensor, Tensor)>
    {
        if progress.batch == 0 {
            epochStart = Generator.current.state
            return AnyIterator(batches.makeIterator())
        }
        if let resumable = batches as? any ResumableBatches {
            return resumable.batches(
                resumingAt: DataLoaderPosition(epoch: epochStart, batch: progress.batch))
        }
        // Any other sequence is begun again as it was begun then, and what was used is passed over.
        let now = Generator.current.state
        Generator.current.state = epochStart
        let iterator = AnyIterator(batches.makeIterator())
        var left = progress.batch
        while left > 0, iterator.next() != nil { left -= 1 }
        Generator.current.state = now
        return iterator
    }

    /// The last number of that name in the history.
    func watched(_ name: String) throws -> Double {
        if let value = history.last[name] { return value }
        throw TrainerError(
            "\"\(name)\" is watched, and the last epoch has no such number: give fit a validation: "
                + "set, or watch one of \(history.names.joined(separator: ", "))")
    }
}
