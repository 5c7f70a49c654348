extension TraceEvent {
    var json: [UInt8] {
        var line = JSONLine("ev")
        line.put("i", index)
        line.put("us", us)
        line.put("e", kind.rawValue)
        switch body {
        case .forward(let e): line.put("node", e.node)
        case .backwardBegin(let e): e.write(&line)
        case .backwardNode(let e): e.write(&line)
        case .edge(let e): e.write(&line)
        case .accumulate(let e): e.write(&line)
        case .free(let e):
            line.put("run", e.run)
            line.put("node", e.node)
            line.put("bytes", e.bytes)
        case .backwardEnd(let e):
            line.put("run", e.run)
            if e.failed { line.put("kind", "failed") }
        case .inplace(let e): e.write(&line)
        case .zeroGrad(let e):
            line.put("tensor", e.tensor)
            line.put("setToNone", e.setToNone)
            line.put("src", e.src)
        case .optimStep(let e): e.write(&line)
        case .gradMode(let e):
            line.put("enabled", e.enabled)
            line.put("name", e.name)
            line.put("src", e.src)
        case .mem(let e):
            line.put("bytes", e.bytes)
            line.put("mem", e.mem)
        case .metric(let e):
            line.put("name", e.name)
            line.put("y", e.y)
            line.put("step", e.step)
            line.put("epoch", e.epoch)
        case .anomaly(let e): e.write(&line)
        case .error(let e): e.write(&line)
        case .note(let e):
            line.put("text", e.text)
            line.put("node", e.node)
            line.put("tensor", e.tensor)
            line.put("src", e.src)
        case .loop(let e):
            line.put("name", e.name)
            line.put("step", e.step)
            line.put("epoch", e.epoch)
        }
        return line.finished()
    }
}

extension TraceEvent.BackwardBegin {
    fileprivate func write(_ line: inout JSONLine) {
        line.put("run", run)
        line.put("roots", roots)
        if !gradOut.isEmpty { line.put("gradOut", gradOut) }
        line.put("retainGraph", retainGraph)
        line.put("createGraph", createGraph)
        line.put("src", src)
    }
}

extension TraceEvent.BackwardNode {
    fileprivate func write(_ line: inout JSONLine) {
        line.put("run", run)
        line.put("node", node)
        line.put("gradOut", gradOut)
        line.put("gradIn", gradIn)
        if local.isEmpty { return }
        line.put("local", local) { local, bytes in
            guard let local else {
                bytes += "null".utf8
                return
            }
            bytes += JSONLine.object {
                $0.put("text", local.text)
                $0.put("value", local.value)
                $0.put("product", local.product)
                $0.put("derived", local.derived)
            }
        }
    }
}

extension TraceEvent.Edge {
    fileprivate func write(_ line: inout JSONLine) {
        line.put("run", run)
        line.put("from", from)
        line.put("input", input)
        line.put("to", raw: to.json)
        line.put("value", value)
    }
}

extension TraceEvent.Accumulate {
    fileprivate func write(_ line: inout JSONLine) {
        line.put("run", run)
        line.put("tensor", tensor)
        line.put("from", from)
        line.put("input", input)
        line.put("before", before)
        line.put("incoming", incoming)
        line.put("after", after)
        line.put("mode", mode.rawValue)
    }
}

extension TraceEvent.InPlace {
    fileprivate func write(_ line: inout JSONLine) {
        line.put("tensor", tensor)
        line.put("node", node)
        line.put("name", name)
        line.put("versionBefore", versionBefore)
        line.put("versionAfter", versionAfter)
        line.put("value", value)
        line.put("src", src)
    }
}

extension TraceEvent.OptimStep {
    fileprivate func write(_ line: inout JSONLine) {
        line.put("tensor", tensor)
        line.put("name", name)
        line.put("step", step)
        line.put("versionBefore", versionBefore)
        line.put("versionAfter", versionAfter)
        line.put("value", value)
        line.put("src", src)
    }
}

extension TraceEvent.Anomaly {
    fileprivate func write(_ line: inout JSONLine) {
        line.put("kind", kind)
        line.put("phase", phase.rawValue)
        line.put("first", first)
        line.put("node", node)
        line.put("tensor", tensor)
        line.put("run", run)
        line.put("count", count)
        if !index.isEmpty { line.put("index", index) }
    }
}

extension TraceEvent.Failure {
    fileprivate func write(_ line: inout JSONLine) {
        line.put("kind", kind)
        line.put("message", message)
        line.put("hint", hint)
        line.put("phase", phase?.rawValue)
        line.put("run", run)
        line.put("node", node)
        line.put("tensor", tensor)
        line.put("cause", cause)
        line.put("expected", expected)
        line.put("actual", actual)
        line.put("src", src)
    }
}
