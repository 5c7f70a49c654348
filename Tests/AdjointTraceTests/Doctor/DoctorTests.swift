import Testing

@testable import AdjointTrace

/// What the doctor says of runs that are written by hand.
@Suite struct DoctorTests {
    @Test("A healthy loop has no findings")
    func healthy() {
        var run = RunSketch()
        let w = run.leaf("w")
        for _ in 0..<5 {
            run.zeroGrad(w)
            run.backward(run.op("mean", [run.op("mul", [w], line: 2)], line: 3), line: 4)
            run.step(w)
        }
        #expect(run.findings().isEmpty)
        #expect(SampleTraces.seed.findings().isEmpty)
    }

    @Test(
        "A parameter without a gradient: the reason, and the line",
        arguments: [
            ("detach", "cuts the graph"), ("noGrad", "gradients are not recorded"),
            ("argmax", "gives int64"), ("unused", "no operation has read it"),
            ("apart", "is not part of the loss"), ("integer", "only floating-point"),
        ])
    func unreached(_ reason: String, _ words: String) throws {
        var run = RunSketch()
        let w = run.leaf("w")
        let v = run.leaf(
            "v", dtype: reason == "integer" ? "int64" : "float32", requiresGrad: reason != "integer"
        )
        var loss = run.op("mul", [w], line: 2)
        switch reason {
        case "detach":
            let h = run.op("exp", [v], line: 3)
            loss = run.op("add", [loss, run.op("detach", [h], line: 4, isCut: true)], line: 5)
        case "noGrad":
            let h = run.op("exp", [v], line: 4, isCut: true, gradEnabled: false)
            loss = run.op("add", [loss, h], line: 5)
        case "argmax":
            let h = run.op("exp", [v], line: 3)
            let best = run.op("argmax", [h], line: 4, dtype: "int64", isCut: true)
            loss = run.op("add", [loss, best], line: 5)
        case "apart": _ = run.op("exp", [v], line: 4)
        case "integer": loss = run.op("add", [loss, v], line: 5)
        default: break
        }
        run.backward(loss, line: 6)
        let finding = try #require(run.findings(.warning).first)
        #expect(run.findings(.warning).count == 1 && finding.kind == .noGradient)
        #expect(finding.title == "no gradient has reached v")
        #expect(finding.explanation.contains(words), "\(finding.explanation)")
        if !["unused", "integer"].contains(reason) {
            #expect(finding.places.first?.line == "run.swift:4")
        }
    }

    @Test("A frozen parameter, and one of a later pass, are meant to have none")
    func unreachedOnPurpose() {
        var run = RunSketch()
        let w = run.leaf("w")
        let frozen = run.leaf("frozen", requiresGrad: false)
        run.backward(run.op("mul", [w, frozen], line: 2), line: 3)
        let late = run.leaf("late")
        _ = run.op("mul", [late], line: 5)
        #expect(run.findings().isEmpty)
    }

    @Test("Gradients that were used and not emptied, by an optimiser or by hand")
    func stale() throws {
        for isByHand in [false, true] {
            var run = RunSketch()
            let w = run.leaf("w")
            for _ in 0..<3 {
                run.backward(run.op("mul", [w], line: 2), line: 3)
                if isByHand {
                    run.event(
                        .inplace(
                            .init(
                                tensor: w, name: "sub_", versionBefore: 0, versionAfter: 1,
                                src: .init(file: 0, line: 4))))
                } else {
                    run.step(w, line: 4)
                }
            }
            let finding = try #require(run.findings(.error).first)
            #expect(finding.kind == .staleGradient && finding.count == 2)
            #expect(finding.places.map(\.line) == ["run.swift:3", "run.swift:4"])
            #expect(finding.explanation.contains("w.grad became 1 + 1 = 2"))
            #expect(finding.explanation.contains("norm went from 1 to 3"))
        }
    }

    @Test("Two passes without a step are a note")
    func sums() throws {
        var run = RunSketch()
        let w = run.leaf("w")
        run.backward(run.op("mul", [w], line: 2), line: 3)
        run.backward(run.op("exp", [w], line: 4), line: 5)
        let finding = try #require(run.findings().first)
        #expect(run.findings().count == 1 && finding.severity == .note)
        #expect(finding.title == "w.grad is the sum of 2 backward passes")
    }

    @Test("Emptied between backward and step")
    func lost() throws {
        var run = RunSketch()
        let w = run.leaf("w")
        for _ in 0..<2 {
            run.backward(run.op("mul", [w], line: 2), line: 3)
            run.zeroGrad(w, line: 4)
            run.step(w, line: 5)
        }
        let finding = try #require(run.findings(.error).first)
        #expect(finding.kind == .lostGradient && finding.count == 2)
        #expect(finding.places.map(\.line) == ["run.swift:4", "run.swift:3"])
    }

    private func microBatches(_ scale: Double?, lines: [Int] = [3, 3]) -> [TraceFinding] {
        var run = RunSketch()
        let w = run.leaf("w")
        for _ in 0..<2 {
            run.zeroGrad(w)
            for line in lines {
                var loss = run.op("mean", [run.op("mul", [w], line: 2)], line: line)
                if let scale { loss = run.op("div", [loss], line: 4, scalar: scale) }
                run.backward(loss, line: 5)
            }
            run.step(w)
        }
        return run.findings(.warning)
    }

    @Test("Means of micro-batches that are added")
    func means() throws {
        let finding = try #require(microBatches(nil).first)
        #expect(finding.kind == .microBatches && finding.count == 2)
        #expect(finding.fix == "divide each loss: (loss / 2).backward()")
        #expect(finding.places.map(\.line) == ["run.swift:3", "run.swift:5"])
        #expect(microBatches(2).isEmpty)
        // The parts of one loss.
        #expect(microBatches(nil, lines: [3, 6]).isEmpty)
    }

    @Test("A sum that is none, beyond rounding")
    func mismatch() throws {
        var run = RunSketch()
        let w = run.leaf("w")
        run.backward(run.op("mul", [w], line: 2), line: 3, gradient: 1, after: 0.5)
        let finding = try #require(run.findings(.error).first)
        #expect(finding.kind == .accumulation && finding.operation == "mul")
        #expect(finding.explanation.contains("was 0, 1 came, and it became 0.5 in place of 1"))
        var rounded = RunSketch()
        let v = rounded.leaf("v")
        rounded.backward(
            rounded.op("mul", [v], line: 2), line: 3, gradient: 0.1, after: 0.10000000149)
        #expect(rounded.findings().isEmpty)
    }

    @Test("A total that carries its graph; a number would not")
    func growth() throws {
        for carries in [true, false] {
            var run = RunSketch()
            let w = run.leaf("w")
            var total = run.leaf("total", requiresGrad: false)
            for _ in 0..<4 {
                run.zeroGrad(w)
                let loss = run.op("mul", [w], line: 2, saves: 100)
                run.backward(loss, line: 3)
                run.step(w)
                total = run.op("add", [total, loss], line: 4, isCut: !carries)
            }
            let findings = run.findings(.warning)
            if !carries {
                #expect(findings.isEmpty)
                continue
            }
            let finding = try #require(findings.first)
            #expect(finding.kind == .growingGraph && finding.operation == "add")
            #expect(finding.places.map(\.line) == ["run.swift:4"])
            #expect(finding.fix.contains("total += loss.item()"))
        }
    }

    @Test("Large buffers and conversions are notes; a conversion that cuts the graph a warning")
    func notes() throws {
        var run = RunSketch()
        let w = run.leaf("w")
        let h = run.op("softmax", [w], line: 2, saves: 3 << 20)
        let half = run.op("to", [h], line: 3, dtype: "float16")
        run.backward(run.op("mul", [half], line: 4), line: 5)
        _ = run.op("to", [h], line: 6, dtype: "int64", isCut: true)
        let findings = run.findings()
        #expect(findings.map(\.kind) == [.cast, .largeSaved, .cast])
        #expect(findings.map(\.severity) == [.warning, .note, .note])
        #expect(findings[1].title == "softmax at run.swift:2 keeps 3.1 MB for backward")
        #expect(findings[2].explanation.contains("makes float16 of float32. Digits are lost."))
    }

    @Test("NaNs are found from values alone, with what they spoiled")
    func values() throws {
        var run = RunSketch()
        let x = run.leaf("x", value: .full([1, -1], exact: true))
        let y = run.op("log", [x], line: 2, value: .full([0, .nan], exact: true))
        let z = run.op("mul", [y], line: 3, value: .full([0, .nan], exact: true))
        run.backward(z, line: 4, gradient: .nan)
        let finding = try #require(run.findings(.error).first)
        #expect(run.findings(.error).count == 1 && finding.kind == .nonFinite)
        #expect(finding.operation == "log" && finding.affected == [1])
        #expect(finding.title == "the first NaN comes from log (logBackward)")
        #expect(finding.explanation.contains("its input is [1, -1]"))
        #expect(finding.explanation.contains("reached the loss. The gradient of x took it in."))
        var data = RunSketch()
        let bad = data.leaf("x", value: .full([.nan], exact: true))
        _ = data.op("mul", [bad], line: 2, value: .full([.nan], exact: true))
        #expect(data.findings(.error).map(\.title) == ["x holds NaN from the start"])
    }

    @Test("The report has the lines with carets, is wrapped, and has no control characters")
    func report() throws {
        var run = RunSketch()
        let w = run.leaf("w\u{1B}[31m")
        for _ in 0..<2 {
            run.backward(run.op("mul", [w], line: 2), line: 3)
            run.step(w, line: 4)
        }
        let findings = run.findings()
        let text = FindingReport(findings, of: run.document, width: 60, usesUnicode: false).text
        #expect(text.contains("error: gradients of earlier steps are still there\n"))
        #expect(text.contains("    3 | line 3\n      | ^\n"))
        #expect(text.split(separator: "\n").allSatisfy { $0.count <= 75 })
        #expect(text.unicodeScalars.allSatisfy { $0.isASCII && ($0.value >= 32 || $0 == "\n") })
        #expect(text.hasSuffix("1 error\n"))
        let colored = FindingReport(findings, of: run.document, usesColor: true).text
        #expect(colored.contains("\u{1B}[31merror: \u{1B}[0m"))
        let json = String(decoding: findings[0].json, as: UTF8.self)
        #expect(json.hasPrefix("{\"kind\":\"stale-gradient\",\"severity\":\"error\","))
    }
}
