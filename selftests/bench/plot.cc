/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Draws samples as SVG:
 *
 *   plot masks SAMPLES   of icount: instructions a packet over the number of masks
 *   plot time SAMPLES    of run: nanoseconds a packet for each case
 *
 * Whoever calls it says in $MADE_BY how, which goes into the picture.
 */
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fmt/format.h>
#include <fstream>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace
{

constexpr const char *INTREE = "#b04a2f", *OURS = "#1f5fa8", *NONE = "#8a8a8a", *INK = "#222222";

struct Point {
	double x, y;
};

/* A picture, printed as it is drawn. */
class Picture
{
public:
	Picture(double width, double height)
	{
		const char *made = std::getenv("MADE_BY");

		fmt::print("<!-- SPDX-License-Identifier: GPL-2.0-only -->\n");
		fmt::print("<!-- made by: {} -->\n", made ? made : "plot");
		fmt::print("<svg xmlns=\"http:/" "/www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1}\" width=\"{0}\" "
			   "height=\"{1}\" font-family=\"sans-serif\" font-size=\"12\">\n",
			   width, height);
		fmt::print("<rect width=\"{}\" height=\"{}\" fill=\"white\"/>\n", width, height);
	}
	~Picture() { fmt::print("</svg>\n"); }
	Picture(const Picture &) = delete;
	Picture &operator=(const Picture &) = delete;

	static void text(Point at, const std::string &what, const char *anchor, const char *colour = INK,
			 const char *more = "")
	{
		fmt::print("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\" fill=\"{}\"{}>{}</text>\n", at.x,
			   at.y, anchor, colour, more, what);
	}
	static void line(Point a, Point b, const char *colour)
	{
		fmt::print("<path d=\"M{:.1f} {:.1f}L{:.1f} {:.1f}\" stroke=\"{}\"/>\n", a.x, a.y, b.x, b.y,
			   colour);
	}
	static void curve(const std::vector<Point> &points, const char *colour, const char *dashes)
	{
		std::string d;

		for (const Point &p : points)
			d += fmt::format("{}{:.1f} {:.1f}", d.empty() ? 'M' : 'L', p.x, p.y);
		fmt::print("<path d=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"2\"{}/>\n", d, colour,
			   dashes);
		for (const Point &p : points)
			fmt::print("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"2.5\" fill=\"{}\"/>\n", p.x, p.y,
				   colour);
	}
	static void bar(Point at, double width, double height, const char *colour)
	{
		fmt::print("<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" fill=\"{}\"/>\n",
			   at.x, at.y, width, height, colour);
	}
};

std::string grouped(double value)
{
	std::string s = fmt::format("{:.0f}", value);

	for (size_t i = s.size(); i > 3; i -= 3)
		s.insert(i - 3, 1, ',');
	return s;
}

/* The lines of a file as words. */
std::vector<std::vector<std::string>> read_words(const char *file)
{
	std::ifstream in(file);
	std::vector<std::vector<std::string>> out;
	std::string line, word;

	if (!in)
		throw std::runtime_error(fmt::format("cannot read {}", file));
	while (std::getline(in, line)) {
		std::istringstream words(line);
		std::vector<std::string> &row = out.emplace_back();

		while (words >> word)
			row.push_back(word);
	}
	return out;
}

/* ---- instructions over masks ---- */

/* The mean of a module's runs, by the number of masks. */
using Curve = std::map<double, std::pair<double, unsigned>>;

/* By module, shape and what was measured. */
std::map<std::string, Curve> read_curves(const char *file)
{
	std::map<std::string, Curve> out;

	for (const std::vector<std::string> &w : read_words(file)) {
		if (w.size() < 8 || (w[1] == "cuts" && w[2] != "1"))
			continue;
		double masks = std::stod(w[2]);

		/* How many cuts left, the datapath says. */
		if (w[1] == "cuts" && w.size() > 9 && w[w.size() - 2] == "masks")
			masks = std::stod(w.back());
		auto &[sum, n] = out[w[0] + ' ' + w[1] + ' ' + w[4]][masks];
		sum += std::stod(w[5]);
		n++;
	}
	return out;
}

constexpr double PANEL_W = 375, PANEL_H = 260, LEFT = 72, TOP = 40, PLOT_W = 275, PLOT_H = 180;
constexpr double X_MAX = 8192, Y_MIN = 3, Y_MAX = 6.2;

Point place(Point corner, double masks, double instructions)
{
	const double x = std::log(masks) / std::log(X_MAX);
	const double y = (std::log10(instructions) - Y_MIN) / (Y_MAX - Y_MIN);

	return {corner.x + LEFT + x * PLOT_W, corner.y + TOP + (1 - y) * PLOT_H};
}

void axes(Point corner, const std::string &title)
{
	const double bottom = corner.y + TOP + PLOT_H, left = corner.x + LEFT;

	Picture::text({left + PLOT_W / 2, corner.y + TOP - 10}, title, "middle", INK, " font-weight=\"bold\"");
	for (unsigned power = 3; power <= 6; power++) {
		const Point at = place(corner, 1, std::pow(10, power));

		Picture::line({left, at.y}, {left + PLOT_W, at.y}, "#dddddd");
		Picture::text({left - 6, at.y + 4}, grouped(std::pow(10, power)), "end");
	}
	for (const double masks : {1., 16., 128., 1024., 8192.}) {
		const Point at = place(corner, masks, 1000);

		Picture::line({at.x, bottom}, {at.x, bottom + 4}, INK);
		Picture::text({at.x, bottom + 17}, grouped(masks), "middle");
	}
	Picture::line({left, bottom}, {left + PLOT_W, bottom}, INK);
	Picture::text({left + PLOT_W / 2, bottom + 33}, "masks", "middle");
}

/* Without a datapath masks cost nothing: a line through the mean. */
void draw_level(Point corner, const Curve &curve, const char *colour, const char *dashes)
{
	double sum = 0;

	for (const auto &[masks, y] : curve)
		sum += y.first / y.second / static_cast<double>(curve.size());
	if (sum > 0)
		Picture::curve({place(corner, 1, sum), place(corner, X_MAX, sum)}, colour, dashes);
}

void draw_masks(const char *file)
{
	struct Kind {
		const char *module, *what, *name, *colour, *dashes;
	};
	static constexpr Kind KINDS[] = {
		{"none", "hit", "without a datapath", NONE, " stroke-dasharray=\"2 3\""},
		{"intree", "hit", "in-tree", INTREE, ""},
		{"ours", "hit", "Megaflow", OURS, ""},
		{"ours", "hit-nocache", "Megaflow, cache off", OURS, " stroke-dasharray=\"5 4\""},
	};
	std::map<std::string, Curve> curves = read_curves(file);
	const Picture picture(2 * PANEL_W, 2 * PANEL_H + 50);
	double x = 40;
	unsigned panel = 0;

	Picture::text({10, 20}, "Instructions a packet, the device path included, over the masks of the table",
		      "start", INK, " font-size=\"14\"");
	for (const Kind &kind : KINDS) {
		fmt::print("<path d=\"M{} 38h30\" stroke=\"{}\" stroke-width=\"2\"{}/>\n", x, kind.colour,
			   kind.dashes);
		Picture::text({x + 36, 42}, kind.name, "start", kind.colour);
		x += 175;
	}
	for (const char *shape : {"tenants", "tse", "random", "cuts"}) {
		const Point corner = {panel % 2 * PANEL_W, 40 + panel / 2 * PANEL_H};

		axes(corner, shape == std::string("cuts") ? "cuts of 1 port" : shape);
		for (const Kind &kind : KINDS) {
			const Curve &curve = curves[fmt::format("{} {} {}", kind.module, shape, kind.what)];
			std::vector<Point> points;

			if (kind.module == std::string("none")) {
				draw_level(corner, curve, kind.colour, kind.dashes);
				continue;
			}
			for (const auto &[masks, y] : curve)
				points.push_back(place(corner, masks, y.first / y.second));
			if (!points.empty())
				Picture::curve(points, kind.colour, kind.dashes);
		}
		panel++;
	}
}

/* ---- nanoseconds of cases ---- */

double median(std::vector<double> values)
{
	std::sort(values.begin(), values.end());
	return values[values.size() / 2];
}

void draw_time(const char *file)
{
	struct Name {
		const char *word, *name, *colour;
	};
	static constexpr Name CASES[] = {{"one", "one flow, bursts of one packet", ""},
					 {"lone", "one flow, new packets", ""},
					 {"exact", "1,000 flows", ""},
					 {"many", "100,000 flows", ""},
					 {"ct", "established TCP, ct and recirc", ""},
					 {"nat", "TCP, address and port rewritten", ""}};
	static constexpr Name MODULES[] = {{"none", "without a datapath", NONE},
					   {"intree", "in-tree", INTREE},
					   {"ours", "Megaflow", OURS}};
	constexpr double BAR = 14, GROUP = 3 * BAR + 14, X = 230, W = 420;
	std::map<std::string, std::vector<double>> samples;
	double most = 0, y = 60, x = X;

	for (const std::vector<std::string> &w : read_words(file))
		if (w.size() >= 5)
			samples[w[0] + ' ' + w[1]].push_back(std::stod(w[4]));
	for (const auto &[key, values] : samples)
		most = std::max(most, median(values));
	const Picture picture(X + W + 70, 60 + 6 * GROUP);
	Picture::text({10, 20}, "Nanoseconds of CPU time a packet, median", "start", INK, " font-size=\"14\"");
	for (const Name &module : MODULES) {
		Picture::bar({x, 32}, 12, 12, module.colour);
		Picture::text({x + 18, 42}, module.name, "start", module.colour);
		x += 150;
	}
	for (const Name &name : CASES) {
		Picture::text({X - 8, y + 1.5 * BAR + 4}, name.name, "end");
		for (const Name &module : MODULES) {
			const auto found = samples.find(fmt::format("{} {}", module.word, name.word));

			if (found != samples.end()) {
				const double ns = median(found->second);

				Picture::bar({X, y + 1}, ns / most * W, BAR - 2, module.colour);
				Picture::text({X + ns / most * W + 5, y + BAR - 3}, grouped(ns), "start");
			}
			y += BAR;
		}
		y += GROUP - 3 * BAR;
	}
}

} // namespace

int main(int argc, char **argv)
try {
	const std::string what = argc == 3 ? argv[1] : "";

	if (what == "masks")
		draw_masks(argv[2]);
	else if (what == "time")
		draw_time(argv[2]);
	else
		throw std::runtime_error("usage: plot masks|time SAMPLES");
	return 0;
} catch (const std::exception &error) {
	std::fprintf(stderr, "plot: %s\n", error.what());
	return 1;
}
