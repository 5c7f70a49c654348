/// The style sheet of pictures: light, and dark where the reader prefers it.
enum SVGStyle {
    /// - Parameters:
    ///   - families: Those that the picture shows; others need no colours.
    ///   - isAnimated: The parts appear one after another, unless the reader asks for less motion.
    static func sheet(_ families: [Drawing.Family], isAnimated: Bool) -> String {
        func variables(_ isDark: Bool) -> String {
            let common = Palette.common.map { "--\($0.name):\(isDark ? $0.dark : $0.light)" }
            let inks = families.flatMap { family in
                let ink = isDark ? Palette.dark(family) : Palette.light(family)
                return ["--\(family)-fill:\(ink.fill)", "--\(family)-line:\(ink.line)"]
            }
            return (common + inks).joined(separator: ";")
        }
        var lines = [
            ".adjoint-graph{\(variables(false))}",
            "@media (prefers-color-scheme:dark){.adjoint-graph{\(variables(true))}}",
            ".adjoint-graph text{font:11px ui-monospace,\"SF Mono\",Menlo,\"DejaVu Sans Mono\","
                + "Consolas,monospace;fill:var(--ink)}",
            ".adjoint-graph .name{font-size:13px;font-weight:700}",
            ".adjoint-graph .faint{fill:var(--faint)}",
            ".adjoint-graph .bad{fill:var(--bad);font-weight:700}",
            ".adjoint-graph .small{font-size:10px}",
            ".adjoint-graph .halo{font-size:10px;paint-order:stroke;stroke:var(--paper);"
                + "stroke-width:4px;stroke-linejoin:round}",
            ".adjoint-graph .paper{fill:var(--paper)}",
            ".adjoint-graph .hull{fill:var(--hull);stroke:var(--line);stroke-width:1;"
                + "stroke-dasharray:1 3}",
            ".adjoint-graph .edge{fill:none;stroke:var(--line);stroke-width:1.4}",
            ".adjoint-graph .cut{stroke-dasharray:5 4}",
            ".adjoint-graph .tip{fill:var(--line)}",
            ".adjoint-graph .plus{stroke:var(--plus)}",
            ".adjoint-graph .minus{stroke:var(--minus)}",
            ".adjoint-graph .back{fill:none;stroke-dasharray:6 3}",
            ".adjoint-graph .plus-text,.adjoint-graph .plus-tip{fill:var(--plus)}",
            ".adjoint-graph .minus-text,.adjoint-graph .minus-tip{fill:var(--minus)}",
            ".adjoint-graph .chip{fill:var(--paper);stroke:var(--line)}",
        ]
        for family in families {
            lines.append(
                ".adjoint-graph .\(family) .box{fill:var(--\(family)-fill);"
                    + "stroke:var(--\(family)-line)}")
            lines.append(".adjoint-graph .\(family) .mark{fill:var(--\(family)-line)}")
        }
        lines.append(".adjoint-graph .view .box{stroke-dasharray:2 2}")
        lines.append(".adjoint-graph .now .box{stroke-width:3.5}")
        lines.append(".adjoint-graph .ring{fill:none}")
        if isAnimated {
            lines += [
                "@keyframes adjoint-appear{from{opacity:0}to{opacity:1}}",
                "@media (prefers-reduced-motion:no-preference){.adjoint-graph .step{"
                    + "animation:adjoint-appear .25s ease-out both;"
                    + "animation-delay:calc(var(--at)*1ms)}}",
            ]
        }
        return lines.joined(separator: "\n")
    }
}
