import AdjointCore
import Synchronization

/// Names that users gave to tensors, for as long as the process lives.
enum TensorNames {
    private static let table = Mutex<[UInt32: String]>([:])

    static subscript(tag: UInt32) -> String? {
        get { table.withLock { $0[tag] } }
        set { table.withLock { $0[tag] = newValue } }
    }

    /// Names `tensor`. The sink of a leaf is told too: in a graph from before the recording it is
    /// all that is left of the leaf.
    static func name(_ tensor: Tensor, _ name: String) {
        if tensor.requiresGrad, tensor.isLeaf,
            let sink = tensor.observedOrigin?.node as? AccumulateGrad
        {
            if tensor.observedTag == 0, sink.observedTag != 0 {
                tensor.takeObservedTag(sink.observedTag)
            } else {
                sink.takeObservedTag(tensor.needObservedTag())
            }
        }
        self[tensor.needObservedTag()] = name
    }
}

extension RecorderState {
    /// The id of a tensor that is there already; nil for one that was not met.
    mutating func known(_ tensor: Tensor) -> Int? {
        let tag = tensor.observedTag
        if tag != 0, let id = tensors[tag] { return id }
        guard let origin = tensor.observedOrigin else { return nil }
        // Handles that nodes and transforms make of a tensor stand for it.
        if let sink = origin.node as? AccumulateGrad {
            guard sink.observedTag != 0, let id = tensors[sink.observedTag], tag == 0 else {
                return nil
            }
            tensor.takeObservedTag(sink.observedTag)
            return id
        }
        guard let number = origin.node.observedNumber, let note = nodes[number], tag == 0,
            let result = results[note.id, origin.output]
        else { return nil }
        if result.tag != 0 { tensor.takeObservedTag(result.tag) }
        return result.id
    }

    /// The id of an operand, which is written down the first time that it is met.
    mutating func operand(_ tensor: Tensor, _ capture: ValueCapture) -> Int {
        if let id = known(tensor) { return id }
        let tag = tensor.needObservedTag()
        if let detached = detached.removeValue(forKey: tag) {
            return cut(tensor, tag, detached, capture)
        }
        var record = describe(tensor, tag, capture.value(tensor))
        if let leaf = gradients[tag] {
            record.role = .gradient
            record.name = record.name ?? "gradient of tensor \(leaf)"
        }
        put(.tensor(record))
        return record.id
    }

    /// A result of an operation.
    mutating func result(_ tensor: Tensor, _ value: TraceValue, of node: Int, _ output: Int) -> Int
    {
        let tag = tensor.needObservedTag()
        if let id = tensors[tag] { return id }
        var record = describe(tensor, tag, value)
        record.role = .intermediate
        record.leaf = !tensor.requiresGrad
        record.producer = TraceTensor.Producer(node: node, output: output)
        put(.tensor(record))
        return record.id
    }

    /// Gives `tensor` an id and says what it is.
    mutating func describe(_ tensor: Tensor, _ tag: UInt32, _ value: TraceValue) -> TraceTensor {
        let id = tensors[tag] ?? nextTensor
        if id == nextTensor { nextTensor += 1 }
        tensors[tag] = id
        let wants = tensor.requiresGrad
        let isLeaf = tensor.isLeaf
        if wants, isLeaf, let sink = tensor.observedOrigin?.node as? AccumulateGrad {
            sink.takeObservedTag(tag)
        }
        let isState = tensor is Parameter || tensor is Buffer
        let storage = storages.id(
            of: tensor.observedStorageTag, isLeaf: isLeaf && (wants || isState))
        let role: TraceTensor.Role =
            tensor is Parameter
            ? .parameter
            : tensor is Buffer
                ? .buffer
                : !isLeaf ? .intermediate : wants || tensor.numel != 1 ? .input : .constant
        return TraceTensor(
            id: id, storage: storage,
            viewOf: tensor.observedBase.flatMap { tensors[$0.observedTag] },
            name: TensorNames[tag], role: role, shape: tensor.shape, strides: tensor.strides,
            dtype: "\(tensor.dtype)", device: "\(tensor.device)",
            bytes: tensor.numel * tensor.dtype.itemSize, requiresGrad: wants, leaf: isLeaf,
            retainsGrad: tensor.retainsGrad ? true : nil, version: tensor.observedVersion,
            value: value)
    }

    /// A tensor that `detach()` gave, met as an operand: the cut is written down as a node.
    private mutating func cut(
        _ tensor: Tensor, _ tag: UInt32, _ detached: Detached, _ capture: ValueCapture
    ) -> Int {
        let node = nextNode
        nextNode += 1
        var record = describe(tensor, tag, capture.value(tensor))
        record.producer = TraceTensor.Producer(node: node)
        record.role = .intermediate
        put(.tensor(record))
        put(
            .node(
                TraceNode(
                    id: node, op: "detach", src: detached.place,
                    inputs: [TraceInput(tensor: detached.source)], outputs: [record.id],
                    next: [nil], order: 1, gradEnabled: isRecordingGradients)))
        put(.forward(TraceEvent.Forward(node: node)))
        return record.id
    }

    /// A leaf that only its sink is known of.
    mutating func leaf(_ sink: AccumulateGrad) -> Int {
        let tag = sink.observedTag
        if tag != 0, let id = tensors[tag] { return id }
        let id = nextTensor
        nextTensor += 1
        let fresh = tag != 0 ? tag : Tensor.freshObservedTag()
        sink.takeObservedTag(fresh)
        tensors[fresh] = id
        let spec = sink.observedSpec
        put(
            .tensor(
                TraceTensor(
                    id: id, name: TensorNames[fresh], role: .input, shape: Array(spec.sizes),
                    dtype: "\(spec.dtype)", requiresGrad: true, leaf: true,
                    value: .none(.notCaptured))))
        return id
    }

    /// A result that was computed before the recording began.
    mutating func result(_ node: Node, _ output: Int) -> Int {
        let id = define(node)
        if let known = results[id, output] { return known.id }
        let tensor = nextTensor
        nextTensor += 1
        results[id, output] = (tensor, 0)
        let spec = node.observedOutputs[output]
        put(
            .tensor(
                TraceTensor(
                    id: tensor, role: .intermediate, shape: Array(spec.sizes),
                    dtype: "\(spec.dtype)", requiresGrad: true, leaf: false,
                    producer: TraceTensor.Producer(node: id, output: output),
                    value: .none(.notCaptured))))
        return tensor
    }
}
