public import AdjointCore
public import AdjointNN

extension Layer {
    /// What the network consists of, and what a call with `input` costs: layers with their outputs,
    /// parameters, bytes saved for the backward pass and multiply-adds.
    ///
    /// The network is called once, in the mode that it is in, with recording on; its buffers and the
    /// current generator are left as they are.
    ///
    /// - Errors: those of the call, such as `.shape` for an input that does not fit.
    public func summary(input: Tensor) -> ModelSummary {
        summary(input: input) { $0.hooked($1) }
    }
}

extension Module {
    /// The same for any module: `forward` says how it is called.
    ///
    ///     model.summary(input: tokens) { model, x in model(x, mask: mask) }
    public func summary(input: Tensor, forward: (Self, Tensor) -> Tensor) -> ModelSummary {
        let tree = ModuleTree(self)
        let recorder = SummaryRecorder(tree)
        let buffers = Dictionary(
            namedBuffers().map { name, tensor in (name, noGrad { tensor.detach().clone() }) },
            uniquingKeysWith: { first, _ in first })
        // Copies stand in for the buffers, so that running statistics do not move.
        let output = functionalCall(self, buffers) {
            withGenerator(seed: 0) {
                enableGrad { recorder.watch { forward(self, input) } }
            }
        }
        let own = parameters() + self.buffers() + Array(buffers.values)
        return ModelSummary(
            self, tree, recorder.drafts(holding: output.graph(), beside: Set(own.map(\.block))))
    }
}

extension ModelSummary {
    fileprivate init(
        _ module: some Module, _ tree: ModuleTree,
        _ recorded: (rows: [SummaryRecorder.Draft], largestBytes: Int)
    ) {
        let (drafts, largest) = recorded
        var rows = drafts.compactMap { draft in
            draft.place.map { Row(tree.entries[$0], draft) } ?? Row(functions: draft)
        }
        let called = Set(drafts.compactMap(\.place))
        for (place, entry) in tree.entries.enumerated()
        where !called.contains(place) && !entry.parameters.isEmpty {
            rows.append(Row(entry, nil))
        }
        self.rows = rows
        ties = tree.ties
        stateBytes = (module.parameters() + module.buffers()).sum(of: \.bytes)
        gradientBytes = module.parameters().filter(\.requiresGrad).sum(of: \.gradientBytes)
        largestBytes = largest
    }
}

extension ModelSummary.Row {
    /// A module, and what its calls took; nil where there was none.
    fileprivate init(_ entry: ModuleTree.Entry, _ draft: SummaryRecorder.Draft?) {
        name = entry.name.isEmpty ? "(whole)" : entry.name
        type = "\(Swift.type(of: entry.module))"
        outputShape = draft?.shape
        dtype = draft?.dtype ?? entry.parameters.first?.dtype
        parameters = entry.parameters.sum(of: \.numel)
        trainableParameters = entry.parameters.filter(\.requiresGrad).sum(of: \.numel)
        savedBytes = draft?.savedBytes ?? 0
        sharesSaved = (draft?.sharedTensors ?? 0) > 0
        macs = draft?.macs ?? 0
        // A module that announces no calls was seen at work all the same.
        calls = draft.map { Swift.max($0.calls, 1) } ?? 0
        isFunction = false
    }

    /// Operations outside of layers; nil for those that hold nothing and multiply nothing.
    fileprivate init?(functions draft: SummaryRecorder.Draft) {
        if draft.savedTensors == 0 && draft.macs == 0 { return nil }
        let names =
            draft.functions.prefix(3).joined(separator: ", ")
            + (draft.functions.count > 3 ? ", ..." : "")
        name = draft.around.isEmpty ? names : "\(draft.around): \(names)"
        type = "(function)"
        outputShape = draft.shape ?? []
        dtype = draft.dtype
        parameters = 0
        trainableParameters = 0
        savedBytes = draft.savedBytes
        sharesSaved = draft.sharedTensors > 0
        macs = draft.macs
        calls = 0
        isFunction = true
    }
}
