<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN">
<context>
    <name>AboutDialog</name>
    <message>
        <source>About Handscroll</source>
        <translation>关于 Handscroll</translation>
    </message>
    <message>
        <source>not started yet</source>
        <translation>尚未启动</translation>
    </message>
    <message>
        <source>Paint on an endless canvas together with a diffusion model, on your own computer, offline.</source>
        <translation>在无边的画布上与扩散模型一起作画，就在你自己的电脑上，无需联网。</translation>
    </message>
    <message>
        <source>Version {0}</source>
        <translation>版本 {0}</translation>
    </message>
    <message>
        <source>Engine: {0}</source>
        <translation>引擎：{0}</translation>
    </message>
    <message>
        <source>Paintings without a name: {0}</source>
        <translation>未命名的画作：{0}</translation>
    </message>
    <message>
        <source>Log: {0}</source>
        <translation>日志：{0}</translation>
    </message>
    <message>
        <source>Apache License 2.0. Qt and PySide6 are used under the LGPL 3.</source>
        <translation>Apache 许可证 2.0。Qt 与 PySide6 依 LGPL 3 使用。</translation>
    </message>
</context>
<context>
    <name>Banner</name>
    <message>
        <source>Close this message</source>
        <translation>关闭这条消息</translation>
    </message>
</context>
<context>
    <name>BrushPanel</name>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>Diameter in canvas pixels ([ and ])</source>
        <translation>直径，以画布像素计（[ 与 ]）</translation>
    </message>
    <message>
        <source>Hardness</source>
        <translation>硬度</translation>
    </message>
    <message>
        <source>How sharp the edge is</source>
        <translation>笔刷边缘的锐利程度</translation>
    </message>
    <message>
        <source>Opacity</source>
        <translation>不透明度</translation>
    </message>
    <message>
        <source>The most that one stroke covers</source>
        <translation>一笔最多能覆盖多少</translation>
    </message>
    <message>
        <source>Flow</source>
        <translation>流量</translation>
    </message>
    <message>
        <source>How much paint each touch leaves</source>
        <translation>每次落笔留下多少颜料</translation>
    </message>
    <message>
        <source>Smoothing</source>
        <translation>平滑</translation>
    </message>
    <message>
        <source>How much a shaky line is steadied</source>
        <translation>把抖动的线条稳住多少</translation>
    </message>
    <message>
        <source>Pressure:</source>
        <translation>压感：</translation>
    </message>
    <message>
        <source>What pressing the pen harder changes</source>
        <translation>用力按笔时改变什么</translation>
    </message>
    <message>
        <source>size</source>
        <comment>pressure changes</comment>
        <translation>大小</translation>
    </message>
    <message>
        <source>Pressing harder makes the line wider</source>
        <translation>用力越大，线条越粗</translation>
    </message>
    <message>
        <source>opacity</source>
        <comment>pressure changes</comment>
        <translation>不透明度</translation>
    </message>
    <message>
        <source>Pressing harder makes the line more opaque</source>
        <translation>用力越大，线条越不透明</translation>
    </message>
    <message>
        <source>flow</source>
        <comment>pressure changes</comment>
        <translation>流量</translation>
    </message>
    <message>
        <source>Pressing harder leaves more paint</source>
        <translation>用力越大，颜料越多</translation>
    </message>
    <message>
        <source>Build up within a stroke</source>
        <translation>一笔之内叠加</translation>
    </message>
    <message>
        <source>Passing over the same place again in one stroke adds paint</source>
        <translation>同一笔再次经过同一处时颜料会加深</translation>
    </message>
    <message>
        <source>Eraser</source>
        <translation>橡皮</translation>
    </message>
    <message>
        <source>Brush</source>
        <translation>笔刷</translation>
    </message>
</context>
<context>
    <name>CandidateBar</name>
    <message>
        <source>Previous picture (Left)</source>
        <translation>上一张（←）</translation>
    </message>
    <message>
        <source>Next picture (Right)</source>
        <translation>下一张（→）</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>保留</translation>
    </message>
    <message>
        <source>Keep it as a new layer (Enter)</source>
        <translation>保留为新图层（Enter）</translation>
    </message>
    <message>
        <source>Drop</source>
        <translation>丢弃</translation>
    </message>
    <message>
        <source>Take it off the canvas; the history keeps it (Esc)</source>
        <translation>从画布上取走；历史中仍会保留（Esc）</translation>
    </message>
    <message>
        <source>Again</source>
        <translation>再来一批</translation>
    </message>
    <message>
        <source>Another batch with a new seed (Ctrl+R)</source>
        <translation>换新种子再生成一批（Ctrl+R）</translation>
    </message>
</context>
<context>
    <name>CanvasView</name>
    <message>
        <source>There is no picture in what was dropped. Drop the picture itself or an image file.</source>
        <translation>拖进来的内容里没有图片。请拖入图片本身或图像文件。</translation>
    </message>
</context>
<context>
    <name>ColourPanel</name>
    <message>
        <source>Hue</source>
        <translation>色相</translation>
    </message>
    <message>
        <source>Saturation</source>
        <translation>饱和度</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>明度</translation>
    </message>
    <message>
        <source>Hue on the ring, saturation and value in the square</source>
        <translation>圆环上是色相，方块里是饱和度和明度</translation>
    </message>
    <message>
        <source>The colour as #rrggbb</source>
        <translation>颜色，写作 #rrggbb</translation>
    </message>
    <message>
        <source>Swap the two colours</source>
        <translation>交换两种颜色</translation>
    </message>
</context>
<context>
    <name>CommandPalette</name>
    <message>
        <source>What do you want to do?</source>
        <translation>你想做什么？</translation>
    </message>
    <message>
        <source>Type a few letters, choose with the arrow keys, run with Enter</source>
        <translation>输入几个字，用方向键选择，按 Enter 执行</translation>
    </message>
    <message>
        <source>Click to run</source>
        <translation>点击执行</translation>
    </message>
</context>
<context>
    <name>EditCommands</name>
    <message>
        <source>This is too large for the clipboard; use Export instead.</source>
        <translation>内容太大，剪贴板放不下；请改用导出。</translation>
    </message>
    <message>
        <source>Cut</source>
        <translation>剪切</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>清除</translation>
    </message>
    <message>
        <source>There is no picture in the clipboard.</source>
        <translation>剪贴板里没有图片。</translation>
    </message>
</context>
<context>
    <name>ExportDialog</name>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>Paper behind what is transparent</source>
        <translation>透明处垫上纸色</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>选择…</translation>
    </message>
    <message>
        <source>The frame</source>
        <translation>画框</translation>
    </message>
    <message>
        <source>The selection&apos;s rectangle</source>
        <translation>选区所在的矩形</translation>
    </message>
    <message>
        <source>Everything painted</source>
        <translation>画过的全部内容</translation>
    </message>
    <message>
        <source>Part</source>
        <translation>范围</translation>
    </message>
    <message>
        <source>Format</source>
        <translation>格式</translation>
    </message>
    <message>
        <source>Quality</source>
        <translation>质量</translation>
    </message>
    <message>
        <source>File</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>Which part of the canvas is written</source>
        <translation>写出画布的哪一部分</translation>
    </message>
    <message>
        <source>OpenRaster keeps the layers; the others are flat</source>
        <translation>OpenRaster 保留图层，其他格式会合并</translation>
    </message>
    <message>
        <source>JPEG has no transparency and always has the paper</source>
        <translation>JPEG 不支持透明，总会垫上纸色</translation>
    </message>
    <message>
        <source>For JPEG and WebP: larger is better and bigger</source>
        <translation>用于 JPEG 和 WebP：数值越大，质量越好，文件越大</translation>
    </message>
    <message>
        <source>The file to write</source>
        <translation>要写出的文件</translation>
    </message>
    <message>
        <source>Choose folder and name</source>
        <translation>选择文件夹和名称</translation>
    </message>
    <message>
        <source>Write the file</source>
        <translation>写出文件</translation>
    </message>
    <message>
        <source>{0} x {1} pixels</source>
        <translation>{0} × {1} 像素</translation>
    </message>
    <message>
        <source>Export to</source>
        <translation>导出到</translation>
    </message>
    <message>
        <source>There is no folder {0}. Choose another place.</source>
        <translation>没有文件夹 {0}。请选择别的位置。</translation>
    </message>
</context>
<context>
    <name>FileCommands</name>
    <message>
        <source>Paintings and pictures</source>
        <translation>画作与图片</translation>
    </message>
    <message>
        <source>Paintings</source>
        <translation>画作</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>Pictures</source>
        <translation>图片</translation>
    </message>
    <message>
        <source>Import pictures</source>
        <translation>导入图片</translation>
    </message>
    <message>
        <source>Saved: {0}</source>
        <translation>已保存：{0}</translation>
    </message>
    <message>
        <source>Save as</source>
        <translation>另存为</translation>
    </message>
    <message>
        <source>Nothing yet</source>
        <translation>还没有</translation>
    </message>
</context>
<context>
    <name>GenerationController</name>
    <message>
        <source>Cancelled.</source>
        <translation>已取消。</translation>
    </message>
    <message>
        <source>This generation made no picture: {0}</source>
        <translation>这次生成没有得到图片：{0}</translation>
    </message>
</context>
<context>
    <name>HistoryModel</name>
    <message>
        <source>failed: {0}</source>
        <translation>失败：{0}</translation>
    </message>
    <message>
        <source>cancelled</source>
        <translation>已取消</translation>
    </message>
</context>
<context>
    <name>HistoryPanel</name>
    <message>
        <source>Search: words, model, seed, date</source>
        <translation>搜索：提示词、模型、种子、日期</translation>
    </message>
    <message>
        <source>Shows only the generations in which every word occurs</source>
        <translation>只显示包含所有这些词的生成记录</translation>
    </message>
    <message>
        <source>Every generation of this painting. Double-click puts it on the canvas again</source>
        <translation>这幅画的全部生成记录。双击可再次放到画布上</translation>
    </message>
    <message>
        <source>Which picture of the batch</source>
        <translation>这一批中的第几张</translation>
    </message>
    <message>
        <source>Apply</source>
        <translation>应用</translation>
    </message>
    <message>
        <source>Put it on the canvas again, at its old place, as a new layer</source>
        <translation>放回画布原处，成为新图层</translation>
    </message>
    <message>
        <source>Use settings</source>
        <translation>沿用设置</translation>
    </message>
    <message>
        <source>Restore every setting of this generation, seed and place included</source>
        <translation>恢复这次生成的全部设置，包括种子和位置</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Copy all its parameters as text</source>
        <translation>把全部参数复制为文字</translation>
    </message>
</context>
<context>
    <name>Importer</name>
    <message>
        <source>Pasted picture</source>
        <translation>粘贴的图片</translation>
    </message>
    <message>
        <source>Import pictures</source>
        <translation>导入图片</translation>
    </message>
</context>
<context>
    <name>InlinePrompt</name>
    <message>
        <source>What should be here? Enter paints it</source>
        <translation>这里该画什么？按 Enter 开始</translation>
    </message>
    <message>
        <source>The prompt for the selection. Empty is fine. Enter paints, Esc goes back</source>
        <translation>选区的提示词，可以留空。Enter 开始绘制，Esc 返回</translation>
    </message>
    <message>
        <source>Paint the selection (Enter)</source>
        <translation>绘制选区（Enter）</translation>
    </message>
</context>
<context>
    <name>LayerCommands</name>
    <message>
        <source>Merge down</source>
        <translation>向下合并</translation>
    </message>
</context>
<context>
    <name>LayersPanel</name>
    <message>
        <source>Blend mode: how this layer mixes with what is below</source>
        <translation>混合模式：这一图层如何与下方混合</translation>
    </message>
    <message>
        <source>Opacity of the layer</source>
        <translation>图层不透明度</translation>
    </message>
    <message>
        <source>Drag to reorder, double-click to rename</source>
        <translation>拖动可调整顺序，双击可重命名</translation>
    </message>
    <message>
        <source>Add an empty layer</source>
        <translation>添加空图层</translation>
    </message>
    <message>
        <source>Put this layer into a new group</source>
        <translation>把这一图层放进新的图层组</translation>
    </message>
    <message>
        <source>Duplicate the layer</source>
        <translation>复制图层</translation>
    </message>
    <message>
        <source>Delete the layer</source>
        <translation>删除图层</translation>
    </message>
    <message>
        <source>Normal</source>
        <translation>正常</translation>
    </message>
    <message>
        <source>Multiply</source>
        <translation>正片叠底</translation>
    </message>
    <message>
        <source>Screen</source>
        <translation>滤色</translation>
    </message>
    <message>
        <source>Overlay</source>
        <translation>叠加</translation>
    </message>
    <message>
        <source>Darken</source>
        <translation>变暗</translation>
    </message>
    <message>
        <source>Lighten</source>
        <translation>变亮</translation>
    </message>
    <message>
        <source>Colour dodge</source>
        <translation>颜色减淡</translation>
    </message>
    <message>
        <source>Colour burn</source>
        <translation>颜色加深</translation>
    </message>
    <message>
        <source>Hard light</source>
        <translation>强光</translation>
    </message>
    <message>
        <source>Soft light</source>
        <translation>柔光</translation>
    </message>
    <message>
        <source>Difference</source>
        <translation>差值</translation>
    </message>
    <message>
        <source>Exclusion</source>
        <translation>排除</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>线性减淡（添加）</translation>
    </message>
    <message>
        <source>Clip to below</source>
        <translation>剪贴到下方</translation>
    </message>
    <message>
        <source>Erase</source>
        <translation>擦除</translation>
    </message>
    <message>
        <source>Layer {number}</source>
        <translation>图层 {number}</translation>
    </message>
    <message>
        <source>Group {number}</source>
        <translation>图层组 {number}</translation>
    </message>
    <message>
        <source>Group layer</source>
        <translation>编组图层</translation>
    </message>
    <message>
        <source>Duplicate layer</source>
        <translation>复制图层</translation>
    </message>
    <message>
        <source>{0} copy</source>
        <translation>{0} 副本</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>重命名</translation>
    </message>
    <message>
        <source>Duplicate</source>
        <translation>复制一份</translation>
    </message>
    <message>
        <source>Put into a new group</source>
        <translation>放进新图层组</translation>
    </message>
    <message>
        <source>Lock transparent pixels</source>
        <translation>锁定透明像素</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Hide</source>
        <translation>隐藏</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>显示</translation>
    </message>
    <message>
        <source>Unlock</source>
        <translation>解锁</translation>
    </message>
    <message>
        <source>Lock</source>
        <translation>锁定</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Open Recent</source>
        <translation>最近打开</translation>
    </message>
    <message>
        <source>Tools</source>
        <translation>工具</translation>
    </message>
</context>
<context>
    <name>ModelFoldersDialog</name>
    <message>
        <source>Folder with models</source>
        <translation>存放模型的文件夹</translation>
    </message>
    <message>
        <source>Model folders</source>
        <translation>模型文件夹</translation>
    </message>
    <message>
        <source>Diffusers folders and single .safetensors files in these folders can be chosen in the prompt panel. Only headers are read; nothing is copied or changed.</source>
        <translation>这些文件夹里的 Diffusers 文件夹和单个 .safetensors 文件可以在提示词面板中选用。只读取文件头，不复制也不改动任何文件。</translation>
    </message>
    <message>
        <source>Folders that are looked through, with everything in them</source>
        <translation>会连同子文件夹一起查找</translation>
    </message>
    <message>
        <source>What was found; choose a row to read what is wrong with it</source>
        <translation>找到的模型；选中一行可查看它的问题</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Family</source>
        <translation>家族</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>详情</translation>
    </message>
    <message>
        <source>Add…</source>
        <translation>添加…</translation>
    </message>
    <message>
        <source>Add a folder with models</source>
        <translation>添加存放模型的文件夹</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Take the chosen folder out of this list; no file is deleted</source>
        <translation>把选中的文件夹移出列表，不会删除任何文件</translation>
    </message>
    <message>
        <source>Look again</source>
        <translation>重新查找</translation>
    </message>
    <message>
        <source>Look through all folders again</source>
        <translation>重新查找所有文件夹</translation>
    </message>
</context>
<context>
    <name>ParameterRows</name>
    <message>
        <source>Strength</source>
        <translation>强度</translation>
    </message>
    <message>
        <source>How far the result may leave what is there</source>
        <translation>结果可以离原有画面多远</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>步数</translation>
    </message>
    <message>
        <source>Denoising steps: more is slower and often finer</source>
        <translation>去噪步数：越多越慢，通常也越精细</translation>
    </message>
    <message>
        <source>Guidance</source>
        <translation>引导</translation>
    </message>
    <message>
        <source>How strictly the words are followed</source>
        <translation>多严格地遵循提示词</translation>
    </message>
    <message>
        <source>Pictures</source>
        <translation>张数</translation>
    </message>
    <message>
        <source>How many candidates one run makes</source>
        <translation>每次生成几张候选图</translation>
    </message>
    <message>
        <source>Grow</source>
        <translation>外扩</translation>
    </message>
    <message>
        <source>How far the model may repaint around the selection</source>
        <translation>模型可以在选区外多画多远</translation>
    </message>
    <message>
        <source>Feather</source>
        <translation>羽化</translation>
    </message>
    <message>
        <source>Width of the soft rim between old and new</source>
        <translation>新旧之间柔边的宽度</translation>
    </message>
    <message>
        <source>Scheduler</source>
        <translation>调度器</translation>
    </message>
    <message>
        <source>The method that walks from noise to picture</source>
        <translation>从噪声走向画面的方法</translation>
    </message>
    <message>
        <source>Fill</source>
        <translation>填充</translation>
    </message>
    <message>
        <source>What stands under the selection before painting begins</source>
        <translation>开始绘制前选区底下放什么</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>种子</translation>
    </message>
    <message>
        <source>The same seed and settings make the same picture again</source>
        <translation>相同的种子和设置会得到相同的图片</translation>
    </message>
    <message>
        <source>Frame</source>
        <translation>画框</translation>
    </message>
    <message>
        <source>Width and height of the frame in canvas pixels</source>
        <translation>画框的宽和高，以画布像素计</translation>
    </message>
    <message>
        <source>Random</source>
        <translation>随机</translation>
    </message>
    <message>
        <source>Draw a new seed for every run; the drawn one is shown and stored</source>
        <translation>每次运行都抽取新种子；抽到的会显示并记录</translation>
    </message>
    <message>
        <source>Model&apos;s own</source>
        <translation>模型自带</translation>
    </message>
    <message>
        <source>What is there</source>
        <translation>原有画面</translation>
    </message>
    <message>
        <source>Blurred surroundings</source>
        <translation>模糊的周围</translation>
    </message>
    <message>
        <source>Continue the border</source>
        <translation>延续边缘</translation>
    </message>
    <message>
        <source>Neutral grey</source>
        <translation>中性灰</translation>
    </message>
    <message>
        <source>Noise</source>
        <translation>噪声</translation>
    </message>
</context>
<context>
    <name>PreferencesDialog</name>
    <message>
        <source>Preferences</source>
        <translation>首选项</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>主题</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>At the start</source>
        <translation>启动时</translation>
    </message>
    <message>
        <source>Memory for undo</source>
        <translation>撤销所用内存</translation>
    </message>
    <message>
        <source>Engine computes on</source>
        <translation>引擎运行于</translation>
    </message>
    <message>
        <source>Threads on a CPU</source>
        <translation>CPU 线程数</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>The program&apos;s surroundings</source>
        <translation>界面的明暗</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>跟随系统</translation>
    </message>
    <message>
        <source>The program&apos;s language</source>
        <translation>界面的语言</translation>
    </message>
    <message>
        <source>Open the paintings of the last time</source>
        <translation>打开上次的画作</translation>
    </message>
    <message>
        <source>Without it every start shows a new painting</source>
        <translation>不勾选则每次启动都是新画作</translation>
    </message>
    <message>
        <source>Show the welcome card in a new painting</source>
        <translation>在新画作中显示欢迎卡片</translation>
    </message>
    <message>
        <source>Three things to try; F1 shows it at any time</source>
        <translation>三件可以试试的事；按 F1 随时显示</translation>
    </message>
    <message>
        <source>Per painting; the oldest steps go when it is full</source>
        <translation>按每幅画计；满了以后最早的步骤会被舍弃</translation>
    </message>
    <message>
        <source>Best there is</source>
        <translation>最好的设备</translation>
    </message>
    <message>
        <source>Counts from the next start</source>
        <translation>下次启动后生效</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>Model folders…</source>
        <translation>模型文件夹…</translation>
    </message>
    <message>
        <source>Add folders with models of your own</source>
        <translation>添加存放你自己模型的文件夹</translation>
    </message>
    <message>
        <source>Changes count at once; those of the engine count from the next start of Handscroll.</source>
        <translation>更改立即生效；引擎的设置在下次启动 Handscroll 后生效。</translation>
    </message>
</context>
<context>
    <name>Program</name>
    <message>
        <source>{0} is no longer there.</source>
        <translation>{0} 已经不在了。</translation>
    </message>
</context>
<context>
    <name>PromptPanel</name>
    <message>
        <source>What should be painted? (Enter runs, Shift+Enter breaks the line)</source>
        <translation>想画什么？（Enter 开始，Shift+Enter 换行）</translation>
    </message>
    <message>
        <source>The prompt: what the picture should show</source>
        <translation>提示词：画面里应该有什么</translation>
    </message>
    <message>
        <source>What should not appear</source>
        <translation>不想出现的内容</translation>
    </message>
    <message>
        <source>The negative prompt: what the picture should avoid</source>
        <translation>反向提示词：画面应避开什么</translation>
    </message>
    <message>
        <source>The model that paints. Add folders with Generate &gt; Model Folders</source>
        <translation>用来作画的模型。可用“生成 &gt; 模型文件夹”添加文件夹</translation>
    </message>
    <message>
        <source>This model knows only ink-wash landscapes: mountains, water, pines, boats, moon, snow … Other models come in with Generate &gt; Model Folders.</source>
        <translation>这个模型只会画水墨山水：山、水、松、舟、月、雪……其他模型可用“生成 &gt; 模型文件夹”添加。</translation>
    </message>
    <message>
        <source>Cancel this document&apos;s newest job (Shift+Esc)</source>
        <translation>取消这幅画最新的任务（Shift+Esc）</translation>
    </message>
    <message>
        <source>More</source>
        <translation>更多</translation>
    </message>
    <message>
        <source>Steps, guidance, scheduler, seed, size and the soft rim</source>
        <translation>步数、引导、调度器、种子、尺寸和柔边</translation>
    </message>
    <message>
        <source>Decide by the picture</source>
        <translation>由画面决定</translation>
    </message>
</context>
<context>
    <name>QueuePanel</name>
    <message>
        <source>step {0} of {1}, about {2} s left</source>
        <translation>第 {0} 步，共 {1} 步，约剩 {2} 秒</translation>
    </message>
    <message>
        <source>waiting, {0} before it</source>
        <translation>等待中，前面还有 {0} 个</translation>
    </message>
    <message>
        <source>loading the model</source>
        <translation>正在载入模型</translation>
    </message>
    <message>
        <source>finishing</source>
        <translation>即将完成</translation>
    </message>
    <message>
        <source>Nothing runs. Jobs of all paintings appear here.</source>
        <translation>没有正在运行的任务。所有画作的任务都会显示在这里。</translation>
    </message>
    <message>
        <source>Cancel all</source>
        <translation>全部取消</translation>
    </message>
    <message>
        <source>Take every running and waiting job back</source>
        <translation>取消所有运行和等待中的任务</translation>
    </message>
    <message>
        <source>Cancel this job</source>
        <translation>取消这个任务</translation>
    </message>
</context>
<context>
    <name>Session</name>
    <message>
        <source>Untitled</source>
        <translation>未命名</translation>
    </message>
</context>
<context>
    <name>ShortcutsDialog</name>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>键盘快捷键</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>搜索</translation>
    </message>
    <message>
        <source>Shows only the actions that contain these letters</source>
        <translation>只显示包含这些字的操作</translation>
    </message>
    <message>
        <source>Action</source>
        <translation>操作</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>按键</translation>
    </message>
    <message>
        <source>While held, or with the mouse</source>
        <translation>按住时，或用鼠标</translation>
    </message>
    <message>
        <source>Move the view</source>
        <translation>移动视图</translation>
    </message>
    <message>
        <source>Space, middle button</source>
        <translation>空格键、鼠标中键</translation>
    </message>
    <message>
        <source>Turn the view</source>
        <translation>旋转视图</translation>
    </message>
    <message>
        <source>R and drag</source>
        <translation>按住 R 拖动</translation>
    </message>
    <message>
        <source>Take a colour with the brush in hand</source>
        <translation>使用笔刷时吸取颜色</translation>
    </message>
    <message>
        <source>Zoom at the pointer</source>
        <translation>在指针处缩放</translation>
    </message>
    <message>
        <source>wheel</source>
        <translation>滚轮</translation>
    </message>
</context>
<context>
    <name>Slots</name>
    <message>
        <source>Something went wrong ({0}). The painting is safe; details are in the log file.</source>
        <translation>出了点问题（{0}）。画作是安全的，详情见日志文件。</translation>
    </message>
</context>
<context>
    <name>StatusStrip</name>
    <message>
        <source>no model</source>
        <translation>没有模型</translation>
    </message>
    <message>
        <source>engine restarts</source>
        <translation>引擎正在重启</translation>
    </message>
    <message>
        <source>engine starts</source>
        <translation>引擎正在启动</translation>
    </message>
    <message>
        <source>Saved</source>
        <translation>已保存</translation>
    </message>
    <message>
        <source>Saving…</source>
        <translation>正在保存…</translation>
    </message>
    <message>
        <source>Not saved</source>
        <translation>未保存</translation>
    </message>
    <message>
        <source>Memory: window {0}, engine {1}</source>
        <translation>内存：窗口 {0}，引擎 {1}</translation>
    </message>
    <message>
        <source>Where the pointer is on the canvas, in pixels</source>
        <translation>指针在画布上的位置，以像素计</translation>
    </message>
    <message>
        <source>Zoom and rotation of the view</source>
        <translation>视图的缩放和旋转</translation>
    </message>
    <message>
        <source>Where the engine computes, and in which number format</source>
        <translation>引擎运行的设备和数值格式</translation>
    </message>
    <message>
        <source>Memory of window and engine</source>
        <translation>窗口和引擎占用的内存</translation>
    </message>
</context>
<context>
    <name>WelcomeCard</name>
    <message>
        <source>Three things to try</source>
        <translation>试试这三件事</translation>
    </message>
    <message>
        <source>Painting and everything else goes on meanwhile. F1 brings this card back.</source>
        <translation>其间照常可以作画。按 F1 可再次打开这张卡片。</translation>
    </message>
    <message>
        <source>Close this card; F1 brings it back</source>
        <translation>关闭卡片；按 F1 可再次打开</translation>
    </message>
    <message>
        <source>1  Paint from words</source>
        <translation>1  用文字作画</translation>
    </message>
    <message>
        <source>2  Lasso and type</source>
        <translation>2  圈选并输入</translation>
    </message>
    <message>
        <source>3  Let it grow</source>
        <translation>3  让画面生长</translation>
    </message>
    <message>
        <source>A click paints the empty frame. Enter keeps the picture, ← → show the others of its batch.</source>
        <translation>点一下，就在空画框里作画。Enter 保留，← → 查看同批的其他图片。</translation>
    </message>
    <message>
        <source>Draw around a place (L), type, Enter. A click does it in the middle of the frame.</source>
        <translation>用套索（L）圈出一处，输入文字，按 Enter。点一下会在画框中间示范。</translation>
    </message>
    <message>
        <source>Move the frame (C) half out of the picture and generate. A click does it.</source>
        <translation>把画框（C）移出画面一半，然后生成。点一下即可示范。</translation>
    </message>
    <message>
        <source>misty mountains, pines</source>
        <translation>云雾山峦，松树</translation>
    </message>
    <message>
        <source>dusk, river, a boat</source>
        <translation>黄昏，江水，小舟</translation>
    </message>
    <message>
        <source>snow, mountains, a pavilion</source>
        <translation>雪，山，亭子</translation>
    </message>
    <message>
        <source>a red sun</source>
        <translation>红日</translation>
    </message>
    <message>
        <source>a small boat</source>
        <translation>小舟</translation>
    </message>
    <message>
        <source>bamboo</source>
        <translation>竹子</translation>
    </message>
    <message>
        <source>← to the left</source>
        <translation>← 向左</translation>
    </message>
    <message>
        <source>to the right →</source>
        <translation>向右 →</translation>
    </message>
    <message>
        <source>Click to try it</source>
        <translation>点击试试</translation>
    </message>
</context>
<context>
    <name>actions</name>
    <message>
        <source>New</source>
        <translation>新建</translation>
    </message>
    <message>
        <source>A new painting in a window of its own</source>
        <translation>在新窗口中新建一幅画</translation>
    </message>
    <message>
        <source>Open…</source>
        <translation>打开…</translation>
    </message>
    <message>
        <source>Open a painting (.scroll, .ora) or a picture</source>
        <translation>打开画作（.scroll、.ora）或图片</translation>
    </message>
    <message>
        <source>Import Pictures…</source>
        <translation>导入图片…</translation>
    </message>
    <message>
        <source>Put picture files on the canvas, each as a layer of its own</source>
        <translation>把图片文件放到画布上，各成一个图层</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>导出…</translation>
    </message>
    <message>
        <source>Write the frame, the selection or everything as PNG, JPEG, WebP, TIFF or OpenRaster</source>
        <translation>把画框、选区或全部内容写成 PNG、JPEG、WebP、TIFF 或 OpenRaster</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Everything is kept as you paint; this makes sure that it is on disk now</source>
        <translation>作画时一切都会自动保存；此操作确保现在已写入磁盘</translation>
    </message>
    <message>
        <source>Save As…</source>
        <translation>另存为…</translation>
    </message>
    <message>
        <source>Give the painting a name and a place, and go on there</source>
        <translation>为画作取名并选择位置，然后在那里继续</translation>
    </message>
    <message>
        <source>Clear Recent Files</source>
        <translation>清除最近文件</translation>
    </message>
    <message>
        <source>Forget the list of recent files</source>
        <translation>清空最近文件列表</translation>
    </message>
    <message>
        <source>Close Window</source>
        <translation>关闭窗口</translation>
    </message>
    <message>
        <source>Close this painting; it is kept as it is</source>
        <translation>关闭这幅画；内容会原样保留</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>退出</translation>
    </message>
    <message>
        <source>Close all paintings; the next start opens them again</source>
        <translation>关闭所有画作；下次启动会再次打开</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>Take the last step back</source>
        <translation>撤回上一步</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>重做</translation>
    </message>
    <message>
        <source>Do the step again that was taken back</source>
        <translation>重做撤回的一步</translation>
    </message>
    <message>
        <source>Cut</source>
        <translation>剪切</translation>
    </message>
    <message>
        <source>Move the selected pixels of this layer to the clipboard</source>
        <translation>把本图层选中的像素移到剪贴板</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Copy the selection, as it looks, to the clipboard</source>
        <translation>把选区按所见复制到剪贴板</translation>
    </message>
    <message>
        <source>Copy from Layer</source>
        <translation>从图层复制</translation>
    </message>
    <message>
        <source>Copy the selected pixels of this layer only</source>
        <translation>只复制本图层选中的像素</translation>
    </message>
    <message>
        <source>Paste</source>
        <translation>粘贴</translation>
    </message>
    <message>
        <source>Put the clipboard&apos;s picture on the canvas as a new layer</source>
        <translation>把剪贴板里的图片作为新图层放到画布上</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>清除</translation>
    </message>
    <message>
        <source>Clear the selected pixels, or the whole layer</source>
        <translation>清除选中的像素，或整个图层</translation>
    </message>
    <message>
        <source>Find an Action…</source>
        <translation>查找操作…</translation>
    </message>
    <message>
        <source>Search everything the program can do and run it</source>
        <translation>搜索并执行程序的任何操作</translation>
    </message>
    <message>
        <source>Preferences…</source>
        <translation>首选项…</translation>
    </message>
    <message>
        <source>Theme, language, undo memory, engine</source>
        <translation>主题、语言、撤销内存、引擎</translation>
    </message>
    <message>
        <source>Select Frame</source>
        <translation>选择画框</translation>
    </message>
    <message>
        <source>Select the whole frame</source>
        <translation>选中整个画框</translation>
    </message>
    <message>
        <source>Deselect</source>
        <translation>取消选择</translation>
    </message>
    <message>
        <source>Drop the selection</source>
        <translation>去掉选区</translation>
    </message>
    <message>
        <source>Invert Selection</source>
        <translation>反选</translation>
    </message>
    <message>
        <source>Select what is not selected, within the frame and the selection</source>
        <translation>在画框和选区范围内，选中未选的部分</translation>
    </message>
    <message>
        <source>Grow by 8 Pixels</source>
        <translation>扩大 8 像素</translation>
    </message>
    <message>
        <source>Move the selection&apos;s edge 8 pixels outwards</source>
        <translation>选区边缘向外移 8 像素</translation>
    </message>
    <message>
        <source>Shrink by 8 Pixels</source>
        <translation>收缩 8 像素</translation>
    </message>
    <message>
        <source>Move the selection&apos;s edge 8 pixels inwards</source>
        <translation>选区边缘向内移 8 像素</translation>
    </message>
    <message>
        <source>Feather by 8 Pixels</source>
        <translation>羽化 8 像素</translation>
    </message>
    <message>
        <source>Make the selection&apos;s edge soft</source>
        <translation>让选区边缘变柔和</translation>
    </message>
    <message>
        <source>Frame around Selection</source>
        <translation>画框框住选区</translation>
    </message>
    <message>
        <source>Put the frame around the selection</source>
        <translation>把画框移到选区周围</translation>
    </message>
    <message>
        <source>New Layer</source>
        <translation>新建图层</translation>
    </message>
    <message>
        <source>A new empty layer above this one</source>
        <translation>在本图层上方新建空图层</translation>
    </message>
    <message>
        <source>New Group</source>
        <translation>新建图层组</translation>
    </message>
    <message>
        <source>Put this layer into a new group</source>
        <translation>把这一图层放进新的图层组</translation>
    </message>
    <message>
        <source>Duplicate Layer</source>
        <translation>复制图层</translation>
    </message>
    <message>
        <source>A copy of this layer, above it</source>
        <translation>在上方复制一份本图层</translation>
    </message>
    <message>
        <source>Delete Layer</source>
        <translation>删除图层</translation>
    </message>
    <message>
        <source>Take this layer out of the painting</source>
        <translation>从画作中删去本图层</translation>
    </message>
    <message>
        <source>Merge Down</source>
        <translation>向下合并</translation>
    </message>
    <message>
        <source>Make this layer one with the layer below</source>
        <translation>把本图层与下方图层合为一层</translation>
    </message>
    <message>
        <source>Rename Layer</source>
        <translation>重命名图层</translation>
    </message>
    <message>
        <source>Give this layer another name</source>
        <translation>给本图层换个名字</translation>
    </message>
    <message>
        <source>Show or Hide Layer</source>
        <translation>显示或隐藏图层</translation>
    </message>
    <message>
        <source>Hide this layer, or show it again</source>
        <translation>隐藏本图层，或重新显示</translation>
    </message>
    <message>
        <source>Lock or Unlock Layer</source>
        <translation>锁定或解锁图层</translation>
    </message>
    <message>
        <source>Protect this layer from changes</source>
        <translation>保护本图层不被改动</translation>
    </message>
    <message>
        <source>Raise Layer</source>
        <translation>上移图层</translation>
    </message>
    <message>
        <source>Move this layer one place up</source>
        <translation>把本图层上移一位</translation>
    </message>
    <message>
        <source>Lower Layer</source>
        <translation>下移图层</translation>
    </message>
    <message>
        <source>Move this layer one place down</source>
        <translation>把本图层下移一位</translation>
    </message>
    <message>
        <source>Brush</source>
        <translation>笔刷</translation>
    </message>
    <message>
        <source>Paint</source>
        <translation>绘画</translation>
    </message>
    <message>
        <source>Eraser</source>
        <translation>橡皮</translation>
    </message>
    <message>
        <source>Erase</source>
        <translation>擦除</translation>
    </message>
    <message>
        <source>Eyedropper</source>
        <translation>吸管</translation>
    </message>
    <message>
        <source>Take a colour from the canvas</source>
        <translation>从画布上吸取颜色</translation>
    </message>
    <message>
        <source>Lasso</source>
        <translation>套索</translation>
    </message>
    <message>
        <source>Draw around what should change, then type (Shift adds, Alt takes away)</source>
        <translation>圈出要改的地方，然后输入文字（Shift 添加，Alt 减去）</translation>
    </message>
    <message>
        <source>Rectangle Selection</source>
        <translation>矩形选区</translation>
    </message>
    <message>
        <source>Select a rectangle, then type (Shift adds, Alt takes away)</source>
        <translation>选中一个矩形，然后输入文字（Shift 添加，Alt 减去）</translation>
    </message>
    <message>
        <source>Frame</source>
        <translation>画框</translation>
    </message>
    <message>
        <source>Move and resize the frame: the place that is generated</source>
        <translation>移动画框或改变大小：它就是生成画面的地方</translation>
    </message>
    <message>
        <source>Move Layer</source>
        <translation>移动图层</translation>
    </message>
    <message>
        <source>Move this layer</source>
        <translation>移动本图层</translation>
    </message>
    <message>
        <source>Hand</source>
        <translation>抓手</translation>
    </message>
    <message>
        <source>Move the view (hold Space with any tool)</source>
        <translation>移动视图（使用任何工具时可按住空格）</translation>
    </message>
    <message>
        <source>Larger Brush</source>
        <translation>放大笔刷</translation>
    </message>
    <message>
        <source>Make the brush larger</source>
        <translation>让笔刷变大</translation>
    </message>
    <message>
        <source>Smaller Brush</source>
        <translation>缩小笔刷</translation>
    </message>
    <message>
        <source>Make the brush smaller</source>
        <translation>让笔刷变小</translation>
    </message>
    <message>
        <source>Harder Brush</source>
        <translation>笔刷变硬</translation>
    </message>
    <message>
        <source>Make the brush&apos;s edge harder</source>
        <translation>让笔刷边缘更硬</translation>
    </message>
    <message>
        <source>Softer Brush</source>
        <translation>笔刷变软</translation>
    </message>
    <message>
        <source>Make the brush&apos;s edge softer</source>
        <translation>让笔刷边缘更软</translation>
    </message>
    <message>
        <source>Swap Colours</source>
        <translation>交换颜色</translation>
    </message>
    <message>
        <source>Swap the colour with the one before it</source>
        <translation>与备用颜色交换</translation>
    </message>
    <message>
        <source>Black and White</source>
        <translation>黑与白</translation>
    </message>
    <message>
        <source>Paint black, with white in reserve</source>
        <translation>用黑色作画，白色备用</translation>
    </message>
    <message>
        <source>Zoom In</source>
        <translation>放大</translation>
    </message>
    <message>
        <source>See it larger</source>
        <translation>看得更大</translation>
    </message>
    <message>
        <source>Zoom Out</source>
        <translation>缩小</translation>
    </message>
    <message>
        <source>See more of it</source>
        <translation>看到更多</translation>
    </message>
    <message>
        <source>Fit Painting</source>
        <translation>适合画作</translation>
    </message>
    <message>
        <source>Show everything that is painted, and the frame</source>
        <translation>显示画过的全部内容和画框</translation>
    </message>
    <message>
        <source>Fit Frame</source>
        <translation>适合画框</translation>
    </message>
    <message>
        <source>Show the frame as large as it fits</source>
        <translation>让画框尽量占满视图</translation>
    </message>
    <message>
        <source>Actual Pixels</source>
        <translation>实际像素</translation>
    </message>
    <message>
        <source>One pixel of the painting is one of the screen</source>
        <translation>画面的一个像素就是屏幕的一个像素</translation>
    </message>
    <message>
        <source>Rotate Left</source>
        <translation>向左旋转</translation>
    </message>
    <message>
        <source>Turn the view 15° to the left</source>
        <translation>视图向左转 15°</translation>
    </message>
    <message>
        <source>Rotate Right</source>
        <translation>向右旋转</translation>
    </message>
    <message>
        <source>Turn the view 15° to the right</source>
        <translation>视图向右转 15°</translation>
    </message>
    <message>
        <source>Reset Rotation</source>
        <translation>复位旋转</translation>
    </message>
    <message>
        <source>Turn the view upright again</source>
        <translation>让视图回正</translation>
    </message>
    <message>
        <source>Mirror View</source>
        <translation>镜像视图</translation>
    </message>
    <message>
        <source>See the painting mirrored; nothing is changed</source>
        <translation>镜像查看画面；内容不变</translation>
    </message>
    <message>
        <source>Canvas Only</source>
        <translation>仅画布</translation>
    </message>
    <message>
        <source>Hide everything but the painting</source>
        <translation>隐藏画面以外的一切</translation>
    </message>
    <message>
        <source>Prompt Panel</source>
        <translation>提示词面板</translation>
    </message>
    <message>
        <source>Show or hide the prompt panel</source>
        <translation>显示或隐藏提示词面板</translation>
    </message>
    <message>
        <source>Layers Panel</source>
        <translation>图层面板</translation>
    </message>
    <message>
        <source>Show or hide the layers panel</source>
        <translation>显示或隐藏图层面板</translation>
    </message>
    <message>
        <source>Brush Panel</source>
        <translation>笔刷面板</translation>
    </message>
    <message>
        <source>Show or hide the brush panel</source>
        <translation>显示或隐藏笔刷面板</translation>
    </message>
    <message>
        <source>Colour Panel</source>
        <translation>颜色面板</translation>
    </message>
    <message>
        <source>Show or hide the colour panel</source>
        <translation>显示或隐藏颜色面板</translation>
    </message>
    <message>
        <source>History Panel</source>
        <translation>历史面板</translation>
    </message>
    <message>
        <source>Show or hide the history of generations</source>
        <translation>显示或隐藏生成历史</translation>
    </message>
    <message>
        <source>Queue Panel</source>
        <translation>队列面板</translation>
    </message>
    <message>
        <source>Show or hide the queue of jobs</source>
        <translation>显示或隐藏任务队列</translation>
    </message>
    <message>
        <source>Default Layout</source>
        <translation>默认布局</translation>
    </message>
    <message>
        <source>Put all panels back to where they were at first</source>
        <translation>把所有面板放回最初的位置</translation>
    </message>
    <message>
        <source>Dark Theme</source>
        <translation>深色主题</translation>
    </message>
    <message>
        <source>Dark surroundings</source>
        <translation>深色界面</translation>
    </message>
    <message>
        <source>Light Theme</source>
        <translation>浅色主题</translation>
    </message>
    <message>
        <source>Light surroundings</source>
        <translation>浅色界面</translation>
    </message>
    <message>
        <source>Language of the System</source>
        <translation>系统语言</translation>
    </message>
    <message>
        <source>Use the system&apos;s language</source>
        <translation>使用系统的语言</translation>
    </message>
    <message>
        <source>Keep Candidate</source>
        <translation>保留候选图</translation>
    </message>
    <message>
        <source>Keep the shown picture as a new layer</source>
        <translation>把显示的图片保留为新图层</translation>
    </message>
    <message>
        <source>Generate</source>
        <translation>生成</translation>
    </message>
    <message>
        <source>Paint what the wide button says: the selection or the frame</source>
        <translation>执行大按钮所示的操作：选区或画框</translation>
    </message>
    <message>
        <source>Drop Candidates</source>
        <translation>丢弃候选图</translation>
    </message>
    <message>
        <source>Take the candidates off the canvas; the history keeps them</source>
        <translation>从画布上取走候选图；历史中仍会保留</translation>
    </message>
    <message>
        <source>Next Candidate</source>
        <translation>下一张候选图</translation>
    </message>
    <message>
        <source>Show the next picture of the batch</source>
        <translation>显示同批的下一张</translation>
    </message>
    <message>
        <source>Previous Candidate</source>
        <translation>上一张候选图</translation>
    </message>
    <message>
        <source>Show the picture of the batch before this one</source>
        <translation>显示同批的上一张</translation>
    </message>
    <message>
        <source>Again</source>
        <translation>再来一批</translation>
    </message>
    <message>
        <source>Another batch of the same with a new seed</source>
        <translation>换新种子，同样的设置再来一批</translation>
    </message>
    <message>
        <source>Cancel Job</source>
        <translation>取消任务</translation>
    </message>
    <message>
        <source>Cancel this painting&apos;s newest job</source>
        <translation>取消这幅画最新的任务</translation>
    </message>
    <message>
        <source>Decide by the Picture</source>
        <translation>由画面决定</translation>
    </message>
    <message>
        <source>Frame, selection and what is painted decide what is generated</source>
        <translation>由画框、选区和已有画面决定生成方式</translation>
    </message>
    <message>
        <source>Text to Image</source>
        <translation>文生图</translation>
    </message>
    <message>
        <source>Always paint from the words alone</source>
        <translation>始终只依文字作画</translation>
    </message>
    <message>
        <source>Image to Image</source>
        <translation>图生图</translation>
    </message>
    <message>
        <source>Always repaint what the frame holds</source>
        <translation>始终重绘画框里的内容</translation>
    </message>
    <message>
        <source>Inpaint</source>
        <translation>局部重绘</translation>
    </message>
    <message>
        <source>Always repaint the selection</source>
        <translation>始终重绘选区</translation>
    </message>
    <message>
        <source>Outpaint</source>
        <translation>扩展</translation>
    </message>
    <message>
        <source>Always grow into the empty part of the frame</source>
        <translation>始终向画框的空白处扩展</translation>
    </message>
    <message>
        <source>Go to the Prompt</source>
        <translation>转到提示词</translation>
    </message>
    <message>
        <source>Type in the prompt panel</source>
        <translation>在提示词面板中输入</translation>
    </message>
    <message>
        <source>Model Folders…</source>
        <translation>模型文件夹…</translation>
    </message>
    <message>
        <source>Add folders with models of your own</source>
        <translation>添加存放你自己模型的文件夹</translation>
    </message>
    <message>
        <source>Welcome</source>
        <translation>欢迎</translation>
    </message>
    <message>
        <source>Three things to try</source>
        <translation>试试这三件事</translation>
    </message>
    <message>
        <source>Keyboard Shortcuts</source>
        <translation>键盘快捷键</translation>
    </message>
    <message>
        <source>All keys on one page</source>
        <translation>所有按键一览</translation>
    </message>
    <message>
        <source>Show Log File</source>
        <translation>显示日志文件</translation>
    </message>
    <message>
        <source>Open the folder with the program&apos;s log</source>
        <translation>打开程序日志所在的文件夹</translation>
    </message>
    <message>
        <source>About Handscroll</source>
        <translation>关于 Handscroll</translation>
    </message>
    <message>
        <source>Version and licences</source>
        <translation>版本与许可</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>文件(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>编辑(&amp;E)</translation>
    </message>
    <message>
        <source>&amp;Select</source>
        <translation>选择(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;Layer</source>
        <translation>图层(&amp;L)</translation>
    </message>
    <message>
        <source>&amp;Tools</source>
        <translation>工具(&amp;T)</translation>
    </message>
    <message>
        <source>&amp;Generate</source>
        <translation>生成(&amp;G)</translation>
    </message>
    <message>
        <source>Mode</source>
        <translation>模式</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>视图(&amp;V)</translation>
    </message>
    <message>
        <source>Panels</source>
        <translation>面板</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>主题</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>帮助(&amp;H)</translation>
    </message>
</context>
<context>
    <name>capture</name>
    <message>
        <source>The region is {0} x {1} pixels; at most {2} a side can be made. Make it smaller.</source>
        <translation>区域为 {0} × {1} 像素；每边最多 {2}。请把它缩小。</translation>
    </message>
    <message>
        <source>Nothing is selected. Draw a lasso around what should be repainted.</source>
        <translation>没有选区。请用套索圈出要重绘的地方。</translation>
    </message>
    <message>
        <source>The frame holds no empty canvas to grow into. Move it over an edge.</source>
        <translation>画框里没有可供扩展的空白。请把它移到画面边缘。</translation>
    </message>
</context>
<context>
    <name>docks</name>
    <message>
        <source>Prompt</source>
        <translation>提示词</translation>
    </message>
    <message>
        <source>Layers</source>
        <translation>图层</translation>
    </message>
    <message>
        <source>History</source>
        <translation>历史</translation>
    </message>
    <message>
        <source>Queue</source>
        <translation>队列</translation>
    </message>
    <message>
        <source>Brush</source>
        <translation>笔刷</translation>
    </message>
    <message>
        <source>Colour</source>
        <translation>颜色</translation>
    </message>
</context>
<context>
    <name>failures</name>
    <message>
        <source>The engine refused this job: a setting is out of range.</source>
        <translation>引擎拒绝了这个任务：有设置超出范围。</translation>
    </message>
    <message>
        <source>The model is no longer where it was. Choose another one, or search the model folders again.</source>
        <translation>模型已不在原处。请另选一个，或重新查找模型文件夹。</translation>
    </message>
    <message>
        <source>This model cannot be used: its files are damaged, incomplete or of a kind not known here.</source>
        <translation>无法使用这个模型：文件已损坏、不完整，或属于未知类型。</translation>
    </message>
    <message>
        <source>Memory ran out. Choose a smaller frame or a smaller model, or close other programs.</source>
        <translation>内存不足。请选小一些的画框或模型，或关闭其他程序。</translation>
    </message>
    <message>
        <source>The engine stumbled over this job. The next one can run as usual.</source>
        <translation>引擎在这个任务上出了错。下一个任务可以照常运行。</translation>
    </message>
    <message>
        <source>The engine stopped. The painting is untouched; start the job again when the engine is back.</source>
        <translation>引擎已停止。画作没有受影响；引擎恢复后请重新开始任务。</translation>
    </message>
</context>
<context>
    <name>modes</name>
    <message>
        <source>Generate</source>
        <translation>生成</translation>
    </message>
    <message>
        <source>Refine</source>
        <translation>精修</translation>
    </message>
    <message>
        <source>Fill</source>
        <translation>重绘</translation>
    </message>
    <message>
        <source>Expand</source>
        <translation>扩展</translation>
    </message>
    <message>
        <source>Paints the empty frame from the words alone</source>
        <translation>只依文字在空画框里作画</translation>
    </message>
    <message>
        <source>Repaints what the frame holds, as far as the strength allows</source>
        <translation>重绘画框里的内容，改动多少由强度决定</translation>
    </message>
    <message>
        <source>Repaints the selection; nothing else changes</source>
        <translation>重绘选区；其他地方不变</translation>
    </message>
    <message>
        <source>Lets the picture grow into the empty part of the frame</source>
        <translation>让画面长进画框的空白处</translation>
    </message>
</context>
<context>
    <name>panel</name>
    <message>
        <source>Cancel this job</source>
        <translation>取消这个任务</translation>
    </message>
</context>
<context>
    <name>tools</name>
    <message>
        <source>This layer is hidden. Show it in the layers panel to work on it.</source>
        <translation>这一图层已隐藏。请在图层面板中显示它，再进行操作。</translation>
    </message>
    <message>
        <source>This layer is locked. Unlock it in the layers panel to work on it.</source>
        <translation>这一图层已锁定。请在图层面板中解锁，再进行操作。</translation>
    </message>
    <message>
        <source>This is a group. Choose one of the layers inside it.</source>
        <translation>这是图层组。请选择组里的某个图层。</translation>
    </message>
    <message>
        <source>No layer is chosen. Choose or add one in the layers panel.</source>
        <translation>没有选中图层。请在图层面板中选择或添加一个。</translation>
    </message>
    <message>
        <source>This layer cannot be worked on.</source>
        <translation>无法在这一图层上操作。</translation>
    </message>
    <message>
        <source>{x}, {y} px</source>
        <translation>{x}, {y} 像素</translation>
    </message>
    <message>
        <source>{width} × {height}</source>
        <translation>{width} × {height}</translation>
    </message>
</context>
</TS>
