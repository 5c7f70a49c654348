import AdjointCore
import AdjointNN

/// A layer made from PyTorch's options, and how a line calls it.
struct ReplayedLayer {
    let module: any Module
    /// The outputs for inputs that are given in the named way.
    let call: ([Tensor], _ way: String?) throws -> [Tensor]

    init(_ module: any Module, call: @escaping ([Tensor], String?) throws -> [Tensor]) {
        self.module = module
        self.call = call
    }

    /// A module that takes `count` inputs in their order.
    init(_ module: any Module, inputs count: Int, _ call: @escaping ([Tensor]) -> Tensor) {
        self.init(module) { inputs, way in
            guard way == nil, inputs.count == count else {
                throw Mismatch("the layer takes \(count) inputs in their order")
            }
            return [call(inputs)]
        }
    }

    init(_ layer: some Layer) { self.init(layer, inputs: 1) { layer($0[0]) } }
    init(_ loss: some LossLayer) { self.init(loss, inputs: 2) { loss($0[0], $0[1]) } }
}

/// PyTorch's names of layers, and what they are here, in float64.
struct LayerTable {
    typealias Make = @Sendable (Arguments) throws -> ReplayedLayer
    private var makes: [String: Make] = [:]

    static let all: [String: Make] = {
        var table = LayerTable()
        table.addLinear()
        table.addConvolutions()
        table.addPools()
        table.addNorms()
        table.addActivations()
        table.addReshaping()
        table.addSequences()
        table.addLosses()
        return table.makes
    }()

    mutating func add(_ name: String, _ make: @escaping Make) { makes[name] = make }

    /// A layer of one input.
    mutating func layer<L: Layer>(
        _ name: String, _ make: @escaping @Sendable (Arguments) throws -> L
    ) {
        makes[name] = { ReplayedLayer(try make($0)) }
    }

    /// A loss of an input and a target.
    mutating func loss<L: LossLayer>(
        _ name: String, _ make: @escaping @Sendable (Arguments) throws -> L
    ) {
        makes[name] = { ReplayedLayer(try make($0)) }
    }
}

extension Arguments {
    /// An option that must be there.
    func required(_ name: String) throws -> Int {
        guard let value = try int(nil, name) else {
            throw Mismatch("the option '\(name)' is missing")
        }
        return value
    }

    func option(_ name: String, or value: Int) throws -> Int { try int(nil, name, or: value) }
    func option(_ name: String, or value: Double) throws -> Double {
        try double(nil, name, or: value)
    }
    func option(_ name: String, or value: Bool) throws -> Bool { try bool(nil, name, or: value) }

    /// A size, or one for each dimension.
    func sizes(_ name: String, or value: Int) throws -> [Int] { try ints(nil, name) ?? [value] }

    /// Sizes that must be there.
    func sizes(_ name: String) throws -> [Int] {
        guard let value = try ints(nil, name) else {
            throw Mismatch("the option '\(name)' is missing")
        }
        return value
    }

    /// A number that may be None; `value` where nothing is said.
    func number(_ name: String, or value: Double?) throws -> Double? {
        keywords[name] == nil ? value : try double(nil, name)
    }

    /// One of the words of `table`.
    func word<T>(_ name: String, or value: String, _ table: [String: T]) throws -> T {
        let word = try text(nil, name) ?? value
        guard let meaning = table[word] else { throw Mismatch("there is no \(name) '\(word)'") }
        return meaning
    }

    /// Sizes of which some may be None.
    func outputSizes() throws -> [Int?] {
        guard case .list(let list)? = argument(nil, "output_size") else {
            return [try int(nil, "output_size")]
        }
        return try list.map {
            switch $0 {
            case .null: return nil
            case .int(let size): return size
            default: throw Mismatch("'output_size' holds sizes and None, not \($0)")
            }
        }
    }
}

extension LayerTable {
    mutating func addLinear() {
        layer("Linear") {
            Linear(
                try $0.required("in_features"), try $0.required("out_features"),
                bias: try $0.option("bias", or: true), dtype: .float64)
        }
        add("Bilinear") {
            let layer = Bilinear(
                try $0.required("in1_features"), try $0.required("in2_features"),
                try $0.required("out_features"), bias: try $0.option("bias", or: true),
                dtype: .float64)
            return ReplayedLayer(layer, inputs: 2) { layer($0[0], $0[1]) }
        }
        layer("Embedding") {
            $0.ignore("sparse")
            return Embedding(
                try $0.required("num_embeddings"), try $0.required("embedding_dim"),
                paddingIndex: try $0.int(nil, "padding_idx"),
                maxNorm: try $0.double(nil, "max_norm"),
                normType: try $0.option("norm_type", or: 2.0),
                scaleGradByFreq: try $0.option("scale_grad_by_freq", or: false), dtype: .float64)
        }
        add("CosineSimilarity") {
            let layer = CosineSimilarity(
                dim: try $0.option("dim", or: 1), eps: try $0.option("eps", or: 1e-8))
            return ReplayedLayer(layer, inputs: 2) { layer($0[0], $0[1]) }
        }
        add("PairwiseDistance") {
            let layer = PairwiseDistance(
                p: try $0.option("p", or: 2.0), eps: try $0.option("eps", or: 1e-6),
                keepDim: try $0.option("keepdim", or: false))
            return ReplayedLayer(layer, inputs: 2) { layer($0[0], $0[1]) }
        }
    }
}
