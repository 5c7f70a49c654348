public import AdjointCore
public import AdjointNN

// What a program says of itself to its trace. Where nothing is recorded these cost a look.

extension Trace {
    /// Names a tensor in this and in all later traces. Returns it.
    @discardableResult
    public static func name(_ tensor: Tensor, _ name: String) -> Tensor {
        TensorNames.name(tensor, name)
        Recorder.current?.rename(tensor)
        return tensor
    }

    /// Names a module, its parts, parameters and buffers in the trace that is being recorded.
    public static func name(_ module: some Module, _ name: String = "") {
        Recorder.current?.name(module, name)
    }

    /// Runs `body` as a stretch with a name, which viewers draw a hull around.
    public static func scope<R>(_ name: String, _ body: () throws -> R) rethrows -> R {
        guard Recorder.current != nil else { return try body() }
        return try ScopeStack.$current.withValue(
            ScopeStack.current.with(.named(name, .user)), operation: body)
    }

    /// The asynchronous form.
    public static func scope<R>(
        _ name: String, isolation: isolated (any Actor)? = #isolation,
        _ body: () async throws -> R
    ) async rethrows -> R {
        guard Recorder.current != nil else { return try await body() }
        return try await ScopeStack.$current.withValue(
            ScopeStack.current.with(.named(name, .user)), operation: body, isolation: isolation)
    }

    /// Runs `body` as round `step` of a loop.
    public static func iteration<R>(
        _ name: String, _ step: Int, _ body: () throws -> R
    ) rethrows -> R {
        guard let recorder = Recorder.current else { return try body() }
        recorder.put(.loop(.init(name: name, step: step)))
        return try ScopeStack.$current.withValue(
            ScopeStack.current.with(.named(name, .iteration), step), operation: body)
    }

    /// The asynchronous form.
    public static func iteration<R>(
        _ name: String, _ step: Int, isolation: isolated (any Actor)? = #isolation,
        _ body: () async throws -> R
    ) async rethrows -> R {
        guard let recorder = Recorder.current else { return try await body() }
        recorder.put(.loop(.init(name: name, step: step)))
        return try await ScopeStack.$current.withValue(
            ScopeStack.current.with(.named(name, .iteration), step), operation: body,
            isolation: isolation)
    }

    /// Notes a number of a training run.
    public static func metric(_ name: String, _ y: Double, step: Int, epoch: Double? = nil) {
        Recorder.current?.put(.metric(.init(name: name, y: y, step: step, epoch: epoch)))
    }

    /// Notes the only element of a tensor: a loss.
    public static func metric(_ name: String, _ y: Tensor, step: Int, epoch: Double? = nil) {
        guard let recorder = Recorder.current else { return }
        let value = recorder.capture.with(.full).value(y).scalar ?? .nan
        recorder.put(.metric(.init(name: name, y: value, step: step, epoch: epoch)))
    }

    /// Puts words into the trace.
    public static func note(_ text: String) {
        Recorder.current?.put(.note(.init(text: text)))
    }
}

extension Recorder {
    static var current: Recorder? { currentObserver as? Recorder }

    /// A recorder in memory, which nothing can hinder.
    convenience init(inMemory options: TraceOptions) {
        do { try self.init(options, path: nil) } catch { fatalError("\(error)") }
    }

    func put(_ body: TraceEvent.Body) { update { _ = $0.put(body) } }

    func name(_ tensors: [(String, Tensor)], _ model: (any Module)?) {
        for (name, tensor) in tensors { TensorNames.name(tensor, name) }
        if let model { name(model, "") }
    }

    func name(_ module: any Module, _ name: String) {
        let prefix = name.isEmpty ? "" : name + "."
        for (inner, tensor) in module.namedParameters() + module.namedBuffers() {
            TensorNames.name(tensor, prefix + inner)
            rename(tensor)
        }
        update { state in
            state.modules.add(module, name)
            state.scopes.forgetAnswers()
        }
    }

    /// Writes a known tensor down again, with its name.
    func rename(_ tensor: Tensor) {
        update { state in
            let tag = tensor.needObservedTag()
            if state.tensors[tag] == nil {
                // A gradient that was handed out comes from no operation that was recorded.
                if state.gradients[tag] != nil { _ = state.operand(tensor, capture) }
                return
            }
            state.put(.tensor(state.describe(tensor, tag, capture.value(tensor))))
        }
    }
}
